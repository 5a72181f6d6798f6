using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Stratum.Rpc;
using Stratum.Testing;

namespace Stratum.Samples.Tests;

public sealed class FullNodeTests
{
    [Fact]
    public async Task Node_ItsDaemonHasABlock_IsToldAndAnswersInItsOwnWords()
    {
        using var folder = new TempFolder();
        await using var sample = Sample.Start("FullNode", "0", "0", LitecoindNode.Program, folder.File("state"));
        var port = (await sample.LineAsync(line => line.StartsWith("rpc on port ", StringComparison.Ordinal))).Split(' ')[^1];
        await sample.LineAsync(line => line == "the daemon has 0 blocks");
        using var rpc = RpcClient.Create(new RpcClientOptions { Url = new Uri($"http://127.0.0.1:{port}"), Password = "correct horse" });

        Assert.Equal(5, (await rpc.CallAsync("sample.sum", new JsonArray(2, 3))).GetInt32());
        var refused = await Assert.ThrowsAsync<RpcException>(() => rpc.CallAsync("sample.refuse", new JsonArray("me")));
        Assert.Equal((403, "not for me"), (refused.Code, refused.Message));
        var answer = await rpc.CallAsync("mining.update_block", new JsonArray(new string('a', 64), "litecoin"));
        Assert.Equal("Block updated", answer.GetString());
        await sample.LineAsync(line => line == $"block {new string('a', 64)} of litecoin");

        using var daemon = new JsonRpcHttpClient(new JsonRpcHttpClientOptions
        {
            Url = new Uri($"http://127.0.0.1:{File.ReadAllText(folder.File("state/litecoin/rpc-port")).Trim()}"),
            CookieFile = folder.File("state/litecoin/data/regtest/.cookie"),
        });
        var made = await daemon.CallAsync("generatetoaddress", new JsonArray(1, "rltc1qw508d6qejxtdg4y5r3zarvary0c5xw7k693xs3"));
        await sample.LineAsync(line => line == $"block {made[0].GetString()} of litecoin");

        Assert.Equal(0, await sample.EndAsync(PosixSignal.SIGTERM));
    }
}
