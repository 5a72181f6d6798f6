using System.Text;
using Stratum.Rpc;

namespace Stratum.Server.Tests;

/// <summary>Bare JSON over TCP.</summary>
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
        await caller.DisposeAsync();
        await rpc.AssertNoConnectionsAsync();
    }
}
