using System.Runtime.InteropServices;

namespace Stratum.Samples.Tests;

public sealed class CommentedServerTests
{
    [Fact]
    public async Task Server_MinersOfEveryKind_GetWhatTheCommentsSay()
    {
        await using var sample = Sample.Start("CommentedServer", "0");
        var port = await sample.PortAsync();

        await using (var bad = await RawMiner.ConnectAsync(port))
            Assert.Contains("please update it", await bad.ErrorAsync("mining.subscribe", """["badminer/2"]"""));

        await using var miner = await RawMiner.ConnectAsync(port);
        Assert.Contains("session-2", await miner.ResultAsync("mining.subscribe", """["raw/1"]"""));
        Assert.Contains("account.worker", await miner.ErrorAsync("mining.authorize", """["nobody","x"]"""));
        Assert.Equal("""[24,"Unauthorized worker",null]""", await miner.ErrorAsync("mining.authorize", """["a.b","y"]"""));
        var notify = await miner.LoginAsync("a.b");
        await sample.LineAsync(line => line == "2 authorized a.b with raw/1");

        await miner.MineAsync("a.b", notify);
        // Half of the job's difficulty, which is 1e-9.
        await sample.LineAsync(line => line == "2 accepted from a.b for 0.0000000005");

        await miner.SendAsync("what is this");
        await sample.LineAsync(line => line.StartsWith("2 sent what is no message: "));
        Assert.Equal(0, await sample.EndAsync(PosixSignal.SIGTERM));
    }

    [Theory]
    [InlineData("a.banned", false)]
    [InlineData("a.friend", true)]
    public async Task Server_WorkersWithRulesOfTheirOwn_AreAnsweredByThem(string worker, bool accepted)
    {
        await using var sample = Sample.Start("CommentedServer", "0");
        await using var miner = await RawMiner.ConnectAsync(await sample.PortAsync());
        var notify = await miner.LoginAsync(worker);

        if (accepted)
        {
            await miner.MineAsync(worker, notify);
            await sample.LineAsync(line => line == $"1 accepted from {worker} for 0.000000001");
            return;
        }
        var refusal = "";
        for (var nonce = 0; nonce < 500 && !refusal.StartsWith("[24,"); nonce++)
            refusal = await miner.ErrorAsync(
                "mining.submit", $"""["{worker}","{notify[0]}","0000000000000001","{notify[7]}","{nonce:x8}"]""");
        Assert.Equal("""[24,"This worker was banned on Monday",null]""", refusal);
        await sample.LineAsync(line => line == "1 rejected: This worker was banned on Monday");
    }
}
