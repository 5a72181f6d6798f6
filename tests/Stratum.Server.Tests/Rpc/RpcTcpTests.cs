using System.Net;
using System.Net.Sockets;
using System.Text;
using Stratum.Rpc;
using Stratum.Testing;

namespace Stratum.Server.Tests;

/// <summary>Bare JSON over TCP: the messages.</summary>
public sealed class RpcTcpTests
{
    private const string Ping = """{"method":"ping","id":1}""";
    private const string Pong = """{"result":"pong","error":null,"id":1}""";

    [Fact]
    public async Task Call_OfTheAncestorWithoutALineEnd_Answered()
    {
        await using var rpc = await RpcHarness.StartAsync(options =>
        {
            options.Mode = RpcMode.Tcp;
            RpcHarness.WithPassword(options);
        });
        RpcNotice? seen = null;
        rpc.Server.Block += (_, notice) =>
        {
            seen = notice;
            return default;
        };
        await using var caller = await rpc.ConnectAsync();

        var answer = await caller.CallAsync(
            $$"""{"method":"mining.update_block","params":["{{RpcPassword.ToParameter(RpcHarness.Password)}}","{{RpcHarness.Hash}}","litecoin"],"id":1}""");

        Assert.Equal("""{"result":true,"error":null,"id":1}""", answer);
        Assert.Equal((RpcHarness.Hash, "litecoin"), (seen?.Data, seen?.Source));
        Assert.Equal(caller.Socket.LocalEndPoint, seen?.RemoteEndPoint);
        Assert.Equal(RpcTransport.Tcp, seen?.Call.Transport);
        await caller.DisposeAsync();
        await rpc.AssertNoConnectionsAsync();
    }

    [Fact]
    public async Task Messages_InPiecesOfOneByteAndPipelined_AnsweredInTheirOrder()
    {
        await using var rpc = await StartAsync();
        await using var caller = await rpc.ConnectAsync();
        var text = "\0" + Ping + "\r\n\n" + Ping.Replace("1", "\"a}]\\\"{\"") + "[" + Ping + "," + Ping + "]" + Ping;
        foreach (var letter in Encoding.UTF8.GetBytes(text))
            await caller.SendAsync(new[] { letter });

        Assert.Equal(Pong, await caller.ReadLineAsync());
        Assert.Equal("""{"result":"pong","error":null,"id":"a}]\"{"}""", await caller.ReadLineAsync());
        Assert.Equal($"[{Pong},{Pong}]", await caller.ReadLineAsync());
        Assert.Equal(Pong, await caller.ReadLineAsync());
        await caller.SendAsync(string.Concat(Enumerable.Repeat(Ping, 5000)));
        for (var i = 0; i < 5000; i++)
            Assert.Equal(Pong, await caller.ReadLineAsync());
    }

    [Fact]
    public async Task Call_ThenHalfClosed_StillAnswered()
    {
        await using var rpc = await StartAsync();
        rpc.Server.Expose("slow", async () =>
        {
            await Task.Delay(50);
            return 1;
        });
        await using var caller = await rpc.ConnectAsync();
        await caller.SendAsync("""{"method":"slow","id":2}""");
        caller.Socket.Shutdown(SocketShutdown.Send);

        Assert.Equal("""{"result":1,"error":null,"id":2}""", await caller.ReadLineAsync());
        Assert.Null(await caller.ReadLineAsync());
        await rpc.AssertNoConnectionsAsync();
    }

    [Fact]
    public async Task Notification_IsNotAnswered()
    {
        await using var rpc = await StartAsync();
        await using var caller = await rpc.ConnectAsync();

        Assert.Equal(Pong, await caller.CallAsync("""{"method":"ping"} {"method":"nonesuch","params":[]}""" + Ping));
    }

    [Theory]
    [InlineData("GARBAGE\n", "{ or [")]
    [InlineData("GETX", "{ or [")]
    [InlineData("7", "{ or [")]
    [InlineData("{]", "not JSON")]
    [InlineData("{\"method\":\"ping\",\"id\":1,}", "not JSON")]
    [InlineData("[1,2", "ended inside")]
    [InlineData("{\"method\":\"\\ud800\",\"id\":1}", "no text")]
    public async Task Garbage_ParseErrorAndClosed(string text, string why)
    {
        await using var rpc = await StartAsync();
        await using var caller = await rpc.ConnectAsync();
        await caller.SendAsync(text);
        caller.Socket.Shutdown(SocketShutdown.Send);

        var answer = await caller.ReadLineAsync();

        Assert.Equal(RpcErrors.ParseError, RpcHarness.ErrorOf(answer));
        Assert.Contains(why, answer);
        Assert.StartsWith("""{"jsonrpc":"2.0","error":{""", answer);
        Assert.EndsWith("\"id\":null}", answer);
        Assert.Null(await caller.ReadLineAsync());
        await caller.DisposeAsync();
        await rpc.AssertServesAsync();
        await rpc.AssertNoConnectionsAsync();
    }

    [Fact]
    public async Task Garbage_MegabytesOfIt_AnswerArrivesAndTheRestIsRead()
    {
        await using var rpc = await StartAsync();
        await using var caller = await rpc.ConnectAsync();
        await caller.SendAsync("x" + new string('y', 3_000_000));

        Assert.Equal(RpcErrors.ParseError, RpcHarness.ErrorOf(await caller.ReadLineAsync()));
        await caller.DisposeAsync();
        await rpc.AssertNoConnectionsAsync();
    }

    [Theory]
    [InlineData(31, true)]
    [InlineData(32, false)]
    [InlineData(100_000, false)]
    public async Task Nesting_UpTo32_IsRead(int arrays, bool isRead)
    {
        await using var rpc = await StartAsync();
        await using var caller = await rpc.ConnectAsync();

        var answer = await caller.CallAsync($$"""{"method":"ping","id":1,"params":{{new string('[', arrays)}}{{new string(']', arrays)}}}""");

        if (isRead)
            Assert.Equal(Pong, answer);
        else
            Assert.Equal(RpcErrors.ParseError, RpcHarness.ErrorOf(answer));
        await rpc.AssertServesAsync();
    }

    [Theory]
    [InlineData(1024 * 1024, true)]
    [InlineData(1024 * 1024 + 1, false)]
    public async Task Message_AtTheLimit_LongestIsReadAndOneMoreClosed(int length, bool isRead)
    {
        await using var rpc = await StartAsync();
        await using var caller = await rpc.ConnectAsync();
        const string Frame = """{"method":"ping","id":1,"params":[""]}""";
        await caller.SendAsync(Frame.Replace("\"\"", '"' + new string('p', length - Frame.Length) + '"'));

        var answer = await caller.ReadLineAsync();

        if (isRead)
        {
            Assert.Equal(Pong, answer);
            return;
        }
        Assert.Equal(RpcErrors.InvalidRequest, RpcHarness.ErrorOf(answer));
        Assert.Contains("1048576 bytes", answer);
        Assert.Null(await caller.ReadLineAsync());
        await caller.DisposeAsync();
        await rpc.AssertNoConnectionsAsync();
    }

    private static async Task<RpcHarness> StartAsync(Action<RpcServerOptions>? configure = null)
    {
        var rpc = await RpcHarness.StartAsync(configure);
        rpc.Server.Expose("ping", () => "pong");
        return rpc;
    }
}
