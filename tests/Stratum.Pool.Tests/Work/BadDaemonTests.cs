using System.Text.Json.Nodes;
using Stratum.Daemon;
using Stratum.Mining;
using Stratum.Simulation;

namespace Stratum.Pool.Tests;

/// <summary>A daemon that misbehaves under a mining pool: it says what it sees, miners stay, blocks arrive in the end.</summary>
public class BadDaemonTests
{
    [Theory]
    [InlineData(SimulatedFaultKind.Closed)]
    [InlineData(SimulatedFaultKind.Unauthorized)]
    [InlineData(SimulatedFaultKind.Forbidden)]
    [InlineData(SimulatedFaultKind.LostAnswer)]
    [InlineData(SimulatedFaultKind.Truncated)]
    [InlineData(SimulatedFaultKind.Empty)]
    [InlineData(SimulatedFaultKind.NotJson)]
    [InlineData(SimulatedFaultKind.TooLarge)]
    [InlineData(SimulatedFaultKind.WrongEnvelope)]
    [InlineData(SimulatedFaultKind.WrongResult)]
    public async Task Answers_AreBad_MinersStayAndTheBlockArrivesAfterwards(SimulatedFaultKind kind)
    {
        await using var world = await PoolWorld.CreateAsync(Coin.Bitcoin);
        await world.Pool.StartAsync().WaitAsync(PoolWorld.Patience);
        await using var miner = await world.ConnectAsync();
        var found = await miner.FindAsync(world.Chain.Tip.Hash);
        world.Daemon.Fault = new SimulatedFault(kind);
        await PoolWorld.UntilAsync(() => world.DaemonChanges.Any(change => !change.Status.GivesWork
            && change.Status.State != DaemonState.Unknown), "the pool says so");
        Assert.True((await miner.SubmitAsync(found)).IsAccepted);
        Assert.True(miner.IsConnected);
        Assert.Single(world.Journal);
        world.Daemon.Fault = null;
        await PoolWorld.UntilAsync(() => world.Submitted.Count == 1, "the daemon's answer");
        Assert.Equal(BlockState.Accepted, world.Submitted.Single().State);
        Assert.Equal(found.Hash, world.Chain.Tip.Hash);
        await miner.FindAsync(found.Hash);
    }

    [Theory]
    [InlineData(SimulatedFaultKind.LostAnswer)]
    [InlineData(SimulatedFaultKind.Truncated)]
    [InlineData(SimulatedFaultKind.WrongResult)]
    [InlineData(SimulatedFaultKind.NotJson)]
    public async Task Submit_AnswerIsLostOnce_AskedAgainAndAccepted(SimulatedFaultKind kind)
    {
        await using var world = await PoolWorld.CreateAsync(Coin.Bitcoin);
        await world.Pool.StartAsync().WaitAsync(PoolWorld.Patience);
        await using var miner = await world.ConnectAsync();
        world.Daemon.Fault = new SimulatedFault(kind, "submitblock") { Times = 1 };
        var found = await miner.FindAsync(world.Chain.Tip.Hash);
        Assert.True((await miner.SubmitAsync(found)).IsAccepted);
        await PoolWorld.UntilAsync(() => world.Submitted.Count == 1, "the daemon's answer");
        Assert.Equal(BlockState.Accepted, world.Submitted.Single().State);
        // The chain may have said so already, where the block was taken.
        await PoolWorld.UntilAsync(() => world.Daemon.CallCount("submitblock") >= 2, "asked again");
    }

    [Theory]
    [InlineData(-25)]
    [InlineData(-1)]
    public async Task Submit_DaemonHasTroubleOfItsOwn_OfferedUntilItIsWell(int code)
    {
        await using var world = await PoolWorld.CreateAsync(Coin.Bitcoin);
        await world.Pool.StartAsync().WaitAsync(PoolWorld.Patience);
        await using var miner = await world.ConnectAsync();
        world.Daemon.BlockRefusal = new SimulatedRefusal("Disk space is too low!", code);
        var found = await miner.FindAsync(world.Chain.Tip.Hash);
        Assert.True((await miner.SubmitAsync(found)).IsAccepted);
        await PoolWorld.UntilAsync(() => world.Daemon.CallCount("submitblock") >= 3, "it is offered again");
        Assert.Empty(world.Submitted);
        world.Daemon.BlockRefusal = null;
        await PoolWorld.UntilAsync(() => world.Submitted.Count == 1, "the daemon's answer");
        Assert.Equal(BlockState.Accepted, world.Submitted.Single().State);
    }

    [Theory]
    [InlineData("coinbasevalue", "1", "coinbasevalue")]
    [InlineData("height", "0", "height")]
    [InlineData("bits", "\"ff7fffff\"", "bits")]
    [InlineData("bits", "\"1d00ffff\"", "target")]
    [InlineData("rules", "[\"!nonesuch\"]", "nonesuch")]
    [InlineData("transactions.0.data", "\"00\"", "transactions[0]")]
    [InlineData("transactions.1.txid", "\"1111111111111111111111111111111111111111111111111111111111111111\"", "transactions[1]")]
    [InlineData("version", "\"x\"", "version")]
    public async Task Template_ContradictsItself_ToldByNameAndTheWorkBeforeStays(string member, string value, string told)
    {
        await using var world = await PoolWorld.CreateAsync(Coin.Bitcoin);
        await world.Pool.StartAsync().WaitAsync(PoolWorld.Patience);
        await using var miner = await world.ConnectAsync();
        var before = await miner.FindAsync(world.Chain.Tip.Hash);
        world.Daemon.Tamper = (method, result) => method == "getblocktemplate" ? Change(result!, member.Split('.'), value) : result;
        world.Generate();
        await PoolWorld.UntilAsync(() => world.DaemonChanges.Any(change =>
            change.Status.State == DaemonState.Failing && change.Status.Text.Contains(told)), $"{told} is told");
        Assert.Equal(before.Job.Id, miner.Job!.Id);
        Assert.True(miner.IsConnected);
        world.Daemon.Tamper = null;
        var found = await miner.FindAsync(world.Chain.Tip.Hash);
        Assert.True((await miner.SubmitAsync(found)).IsAccepted);
        await PoolWorld.UntilAsync(() => world.Submitted.SingleOrDefault()?.Accepted == true, "accepted");
    }

    [Theory]
    [InlineData(90, "ahead of ours")]
    [InlineData(-90, "behind ours")]
    public async Task Start_ClockAndWalletDoNotFit_EachIsSaidOnce(int seconds, string told)
    {
        await using var world = await PoolWorld.CreateAsync(Coin.Bitcoin, daemon: new SimulatedDaemonOptions
        {
            ClockOffset = TimeSpan.FromSeconds(seconds), WalletAddresses = ["bcrt1qelsewhere"],
        });
        await world.Pool.StartAsync().WaitAsync(PoolWorld.Patience);
        await PoolWorld.UntilAsync(() => world.Checks.Count == 1, "the check");
        var check = world.Checks.Single();
        Assert.Contains(check.Warnings, warning => warning.Contains(told));
        Assert.False(check.OwnsAddress);
        Assert.Contains(check.Warnings, warning => warning.Contains("does not own"));
        await world.Daemon.StopAsync();
        await PoolWorld.UntilAsync(() => !world.Pool.Daemons[0].Status.GivesWork, "away");
        await world.Daemon.StartAsync();
        await PoolWorld.UntilAsync(() => world.Pool.Daemons[0].Status.IsReady, "back");
        Assert.Single(world.Checks);
    }

    [Fact]
    public async Task Start_AllIsWell_NoWarning()
    {
        var address = Address.FromPublicKeyHash(new byte[20], Coin.Bitcoin.GetNetwork("regtest"));
        await using var world = await PoolWorld.CreateAsync(Coin.Bitcoin, daemon: new SimulatedDaemonOptions { WalletAddresses = [address.Text] });
        await world.Pool.StartAsync().WaitAsync(PoolWorld.Patience);
        await PoolWorld.UntilAsync(() => world.Checks.Count == 1, "the check");
        Assert.True(world.Checks.Single().OwnsAddress);
        Assert.Empty(world.Checks.Single().Warnings);
    }

    private static JsonNode Change(JsonNode result, ReadOnlySpan<string> path, string value)
    {
        var node = result;
        foreach (var name in path[..^1])
            node = int.TryParse(name, out var index) ? node![index] : node![name];
        node![path[^1]] = JsonNode.Parse(value);
        return result;
    }
}
