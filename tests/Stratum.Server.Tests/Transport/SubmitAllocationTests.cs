using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Stratum.Mining;

namespace Stratum.Server.Tests;

/// <summary>What a submit allocates end to end, over real sockets, on the running server. Alone: it is measured for the
/// whole process.</summary>
[Collection("alone")]
public sealed class SubmitAllocationTests
{
    private const int Window = 50;

    // A tenth of a byte over a million leaves 100 KB to what an idle process allocates in that time, its timers above all;
    // the short run has less to spread that over. An object has 24 bytes: one for every six submits is seen.
    [Theory]
    [InlineData(Drivers.Pipe, false)]
    [InlineData(Drivers.Pipe, true)]
    [InlineData(Drivers.Loop, false)]
    [InlineData(Drivers.Loop, true)]
    [InlineData(Drivers.InlineLoop, true)]
    public async Task Submits_100000_AllocateNothing(string driver, bool handler) =>
        Assert.InRange(await MeasureAsync(driver, handler, 100_000), 0, 4);

    [Theory(Explicit = true)]
    [InlineData(Drivers.Pipe, false)]
    [InlineData(Drivers.Pipe, true)]
    [InlineData(Drivers.Loop, false)]
    [InlineData(Drivers.Loop, true)]
    [InlineData(Drivers.InlineLoop, true)]
    public async Task Submits_Million_AllocateLessThanATenthOfAByteEach(string driver, bool handler)
    {
        var bytes = await MeasureAsync(driver, handler, 1_000_000);
        TestContext.Current.TestOutputHelper?.WriteLine($"{driver}, handler {handler}: {bytes:0.0000} bytes a submit");
        Assert.InRange(bytes, 0, 0.1);
    }

    private static async Task<double> MeasureAsync(string driver, bool handler, int submits)
    {
        await using var server = new TestServer(options => options.Difficulty = new Difficulty(1)) { Driver = driver };
        server.Log.Least = LogLevel.Warning;
        if (handler)
            server.Server.OnSubmit((_, share) => share.Verdict);
        await server.BroadcastAsync();
        await server.StartAsync();
        // Blocking calls alone: a socket that was ever used otherwise allocates when it waits.
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(server.Server.EndPoints[0]);
        socket.Send("{\"id\":1,\"method\":\"mining.subscribe\"}\n{\"id\":2,\"method\":\"mining.authorize\",\"params\":[\"w\",\"x\"]}\n"u8);
        var buffer = new byte[64 * 1024];
        var text = "";
        while (!text.Contains("mining.notify\"") || !text.EndsWith('\n'))
            text += Encoding.ASCII.GetString(buffer, 0, socket.Receive(buffer));
        var notify = NotifyLine.Read(JsonDocument.Parse(text.TrimEnd('\n').Split('\n')[^1]).RootElement);
        var lines = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, Window).Select(n =>
            $$"""{"id":{{n}},"method":"mining.submit","params":["w","{{notify.JobId}}","{{n:x16}}","{{notify.Time}}","00000001"]}""" + "\n")));
        // Hashed and refused: what is accepted is remembered, which is no matter of the way.
        Exchange(600);
        var before = GC.GetTotalAllocatedBytes(true);
        Exchange(submits / Window);
        return (GC.GetTotalAllocatedBytes(true) - before) / (double)submits;

        void Exchange(int rounds)
        {
            for (var round = 0; round < rounds; round++)
            {
                socket.Send(lines);
                for (var answers = 0; answers < Window;)
                    answers += buffer.AsSpan(0, socket.Receive(buffer)).Count((byte)'\n');
            }
        }
    }
}
