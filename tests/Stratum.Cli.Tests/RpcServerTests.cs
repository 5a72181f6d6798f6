using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Stratum.Rpc;
using Stratum.Testing;

namespace Stratum.Cli.Tests;

/// <summary>The JSON-RPC server of <c>pool</c> and <c>demo</c>.</summary>
public sealed class RpcServerTests
{
    private const string Password = "correct horse";

    [Fact]
    public async Task Pool_AncestorsRequestWithoutANewline_IsAnswered()
    {
        await using var pool = Start("--rpc-port", "0", "--rpc-password-hash", RpcPassword.Hash(Password));
        var listening = await pool.EventAsync("listening");
        using var client = await ConnectAsync(listening);
        var hash = new string('a', 64);

        var base64 = Convert.ToBase64String(Encoding.UTF8.GetBytes(Password));
        await SendAsync(client, $$"""{"method":"mining.update_block","params":["{{base64}}","{{hash}}","bitcoin"],"id":1}""");

        Assert.Equal("""{"result":true,"error":null,"id":1}""", await ReadLineAsync(client));
        var told = await pool.EventAsync("notified");
        Assert.Equal(("block", "bitcoin", hash), (told.GetProperty("type").GetString(), told.GetProperty("source").GetString(),
            told.GetProperty("data").GetString()));

        // The daemon does not know that block: work goes on as it was.
        await using var miner = Command.Start("mine", $"stratum+tcp://127.0.0.1:{listening.GetProperty("port")}", "--user", "me", "--shares", "1");
        Assert.Equal(0, await miner.ExitCodeAsync());
    }

    [Fact]
    public async Task Pool_WrongPasswordOrSource_IsRefusedInWords()
    {
        using var folder = new TempFolder();
        var file = folder.File("password");
        await File.WriteAllTextAsync(file, Password + "\n");
        await using var pool = Start("--rpc-port", "0", "--rpc-password-file", file);
        using var client = await ConnectAsync(await pool.EventAsync("listening"));
        var hash = new string('a', 64);

        await SendAsync(client, $$"""{"method":"mining.block","params":["eA==","{{hash}}","bitcoin"],"id":1}""");
        Assert.Contains("password", await ReadLineAsync(client), StringComparison.OrdinalIgnoreCase);
        var base64 = Convert.ToBase64String(Encoding.UTF8.GetBytes(Password));
        await SendAsync(client, $$"""{"method":"mining.block","params":["{{base64}}","{{hash}}","dogecoin"],"id":2}""");
        Assert.Contains("'dogecoin' is not known here, only bitcoin", Unescape(await ReadLineAsync(client)));
        await SendAsync(client, $$"""{"method":"mining.block","params":["{{base64}}","beef","bitcoin"],"id":3}""");
        Assert.Contains("64 hex digits", await ReadLineAsync(client));

        Assert.DoesNotContain(pool.Events("notified"), notice => notice.GetProperty("source").GetString() == "bitcoin");
        Assert.Equal(0, await pool.SignalAsync(PosixSignal.SIGTERM));
        Assert.DoesNotContain(Password, string.Join('\n', pool.Lines) + pool.Errors);
    }

    [Fact]
    public async Task Pool_AuthorizedCaller_SeesTheConnections()
    {
        await using var pool = Start("--rpc-port", "0", "--rpc-mode", "both");
        var listening = await pool.EventAsync("listening");
        await using var miner = Command.Start("mine", $"stratum+tcp://127.0.0.1:{listening.GetProperty("port")}", "--user", "me");
        await pool.EventAsync("share");

        await using var call = Command.Start("call", $"http://127.0.0.1:{listening.GetProperty("rpcPort")}", "mining.connections");

        Assert.Equal(0, await call.ExitCodeAsync());
        var session = JsonDocument.Parse(Assert.Single(call.Lines)).RootElement.EnumerateArray().Single();
        Assert.Equal("me", session.GetProperty("worker").GetString());
        Assert.True(session.GetProperty("accepted").GetInt32() > 0);
    }

    [Fact]
    public async Task Demo_WithAPort_TellsItAndItsMiners()
    {
        await using var demo = Command.Start("demo", "--port", "0", "--rpc-port", "0", "--json");
        var listening = await demo.EventAsync("listening");
        var url = $"rpc://127.0.0.1:{listening.GetProperty("rpcPort")}";

        var workers = 0;
        while (workers < 2)
        {
            await using var call = Command.Start("call", url, "mining.connections");
            Assert.Equal(0, await call.ExitCodeAsync());
            workers = JsonDocument.Parse(call.Lines[0]).RootElement.EnumerateArray()
                .Count(session => session.GetProperty("worker").GetString()?.StartsWith("demo.miner", StringComparison.Ordinal) == true);
        }

        Assert.Equal(0, await demo.SignalAsync(PosixSignal.SIGINT));
        Assert.True(JsonDocument.Parse(demo.Lines[^1]).RootElement.GetProperty("accepted").GetInt32() >= 0);
    }

    [Fact]
    public async Task Pool_WithoutAnRpcOption_HasNone()
    {
        await using var pool = Start();

        Assert.False((await pool.EventAsync("listening")).TryGetProperty("rpcPort", out _));
    }

    [Theory]
    [InlineData("--rpc-host|0.0.0.0", "hash-password")]
    [InlineData("--rpc-host|nowhere", "--rpc-host")]
    [InlineData("--rpc-mode|smtp", "tcp, http and both")]
    [InlineData("--rpc-password-hash|password", "64 hex digits")]
    [InlineData("--rpc-password-file|/no/such/file", "/no/such/file")]
    [InlineData("--rpc-port|70000", "0 (pick one) to 65535")]
    public async Task Pool_BadOption_BadUsage(string options, string expected)
    {
        await using var pool = Start(options.Split('|'));

        Assert.Equal(2, await pool.ExitCodeAsync());
        Assert.Contains(expected, pool.Errors);
    }

    [Fact]
    public async Task Pool_RpcPortIsTaken_SaysWhichPartAndWhatToDo()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        await using var pool = Start("--rpc-port", $"{port}");

        Assert.Equal(1, await pool.ExitCodeAsync());
        Assert.Contains("The RPC server did not start", pool.LastError);
        Assert.Contains("--rpc-port", pool.LastError);
    }

    private static Command Start(params string[] more) => Command.Start(["pool", "--simulate", "--port", "0", "--json", .. more]);

    private static async Task<TcpClient> ConnectAsync(JsonElement listening)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, listening.GetProperty("rpcPort").GetInt32());
        return client;
    }

    private static Task SendAsync(TcpClient client, string text) => client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(text)).AsTask();

    private static async Task<string> ReadLineAsync(TcpClient client)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var line = new List<byte>();
        var one = new byte[1];
        while (await client.GetStream().ReadAsync(one, deadline.Token) == 1 && one[0] != '\n')
            line.Add(one[0]);
        return Encoding.UTF8.GetString([.. line]);
    }

    private static string Unescape(string json) => System.Text.RegularExpressions.Regex.Unescape(json);
}
