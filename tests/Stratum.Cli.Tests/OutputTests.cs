using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Stratum.Cli.Tests;

public class OutputTests
{
    [Theory]
    [InlineData("--json")]
    [InlineData("--difficulty=1")]
    public async Task Pool_NobodyReadsItsOutput_EveryShareIsAnsweredAndItEnds(string option)
    {
        var port = Testing.FreePort.Next();
        await using var pool = Command.StartUnread("pool", "--simulate", "--port", $"{port}", option);
        // Some 300 KB of events: more than any pipe holds.
        const int Shares = 3000;
        using var socket = await ConnectAsync(port);
        await using var stream = socket.GetStream();
        var lines = new StringBuilder("{\"id\":1,\"method\":\"mining.authorize\",\"params\":[\"someone\",\"x\"]}\n");
        for (var id = 2; id < Shares + 2; id++)
            lines.Append($"{{\"id\":{id},\"method\":\"mining.submit\",\"params\":[\"someone\",\"1\",\"00\",\"0\",\"0\"]}}\n");
        await stream.WriteAsync(Encoding.UTF8.GetBytes(lines.ToString()));

        using var reader = new StreamReader(stream);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var answers = 0;
        while (answers < Shares + 1)
        {
            var line = await reader.ReadLineAsync(deadline.Token);
            Assert.NotNull(line);
            Assert.Contains($"\"id\":{++answers},", line);
        }
        Assert.Equal(0, await pool.SignalAsync(PosixSignal.SIGTERM));
    }

    [Fact]
    public async Task Pool_EscapesInANameAndAnAgent_AreNotPrinted()
    {
        await using var pool = Command.Start("pool", "--simulate", "--port", "0");
        var listening = await pool.LineAsync("listening on");
        var port = int.Parse(listening.Split("127.0.0.1:")[1].Split(' ')[0]);
        using var socket = await ConnectAsync(port);
        await socket.GetStream().WriteAsync(Encoding.UTF8.GetBytes(
            "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"agent\\u001b[2J\"]}\n"
            + "{\"id\":2,\"method\":\"mining.authorize\",\"params\":[\"name\\u001b]0;x\\u0007\\nforged\",\"x\"]}\n"));
        var line = await pool.LineAsync("mines from");
        Assert.Contains("name\uFFFD]0;x\uFFFD\uFFFDforged", line);
        Assert.Contains("agent\uFFFD[2J", line);
        Assert.DoesNotContain(line, char.IsControl);
    }

    private static async Task<TcpClient> ConnectAsync(int port)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return new TcpClient("127.0.0.1", port);
            }
            catch (SocketException) when (tries < 600)
            {
                await Task.Delay(100);
            }
        }
    }
}
