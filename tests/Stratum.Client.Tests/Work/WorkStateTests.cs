using Stratum.Mining;

namespace Stratum.Client.Tests;

public sealed class WorkStateTests
{
    [Fact]
    public async Task Jobs_SetDifficulty_CountsFromTheNextNotify()
    {
        await using var pool = new FakePool();
        var (client, miner) = await pool.LoginAsync();
        await using var _ = client;
        await using var jobs = client.ReadJobs();
        await miner.SendAsync(FakePoolConnection.Notify("a"));
        Assert.Equal(new Difficulty(1), (await jobs.NextAsync()).Difficulty);
        await miner.SendAsync(FakePoolConnection.Notification("mining.set_difficulty", "[8]"));
        await client.SettleAsync(miner);
        Assert.Equal(new Difficulty(1), client.CurrentJob!.Difficulty);
        await miner.SendAsync(FakePoolConnection.Notify("b"));
        var job = await jobs.NextAsync();
        Assert.Equal(("b", new Difficulty(8)), (job.Id, job.Difficulty));
    }

    [Fact]
    public async Task Jobs_TwoSetDifficultiesBeforeOneNotify_LastWins()
    {
        await using var pool = new FakePool();
        var (client, miner) = await pool.LoginAsync();
        await using var _ = client;
        await using var jobs = client.ReadJobs();
        await miner.SendAsync(
            FakePoolConnection.Notification("mining.set_difficulty", "[8]"),
            FakePoolConnection.Notification("mining.set_difficulty", "[0.00001]"),
            FakePoolConnection.Notify("a"));
        Assert.Equal(new Difficulty(0.00001), (await jobs.NextAsync()).Difficulty);
    }

    [Fact]
    public async Task Jobs_SetExtranonce_CountsFromTheNextNotifyEvenOfTheSameJob()
    {
        await using var pool = new FakePool();
        var (client, miner) = await pool.LoginAsync();
        await using var _ = client;
        await using var jobs = client.ReadJobs();
        await miner.SendAsync(FakePoolConnection.Notify("a"));
        await jobs.NextAsync();
        await miner.SendAsync(FakePoolConnection.Notification("mining.set_extranonce", "[\"0102030405\",3]"));
        await client.SettleAsync(miner);
        Assert.Equal("57a6f098", client.CurrentJob!.Extranonce1.ToString());
        await miner.SendAsync(FakePoolConnection.Notify("a"));
        var job = await jobs.NextAsync();
        Assert.Equal(("a", "0102030405", 3, true), (job.Id, job.Extranonce1.ToString(), job.Extranonce2Size, job.Clean));
        await miner.SendAsync(FakePoolConnection.Notify("b"));
        Assert.False((await jobs.NextAsync()).Clean);
    }

    [Fact]
    public async Task Jobs_SetVersionMask_CountsAtOnceAndWithinOurs()
    {
        await using var pool = new FakePool();
        var (client, miner) = await pool.LoginAsync(FakePool.Options with { VersionRollingMask = 0x1fffe000 });
        await using var _ = client;
        await using var jobs = client.ReadJobs();
        await miner.SendAsync(FakePoolConnection.Notify("a"));
        Assert.Equal(0x1fffe000u, (await jobs.NextAsync()).VersionMask);
        await miner.SendAsync(FakePoolConnection.Notification("mining.set_version_mask", "[\"e0006000\"]"));
        var job = await jobs.NextAsync();
        Assert.Equal(("a", 0x00006000u, false), (job.Id, job.VersionMask, job.Clean));
        Assert.Equal(0x00006000u, client.VersionMask);
    }

    [Fact]
    public async Task SetVersionMask_WithoutNegotiation_IsReportedOnly()
    {
        await using var pool = new FakePool();
        var (client, miner) = await pool.LoginAsync();
        await using var _ = client;
        var error = client.NextProtocolError();
        await miner.SendAsync(FakePoolConnection.Notification("mining.set_version_mask", "[\"1fffe000\"]"));
        Assert.Contains("not negotiated", (await error).Text, StringComparison.Ordinal);
        Assert.Equal(0u, client.VersionMask);
    }

    [Fact]
    public async Task Jobs_SlowReader_GetsTheNewestAndLearnsThatOneWasClean()
    {
        await using var pool = new FakePool();
        var (client, miner) = await pool.LoginAsync();
        await using var _ = client;
        await using var jobs = client.ReadJobs();
        await miner.SendAsync(FakePoolConnection.Notify("a"));
        Assert.True((await jobs.NextAsync()).Clean); // the first
        await miner.SendAsync(FakePoolConnection.Notify("b"), FakePoolConnection.Notify("c", clean: true), FakePoolConnection.Notify("d"));
        await client.SettleAsync(miner);
        var job = await jobs.NextAsync();
        Assert.Equal(("d", true), (job.Id, job.Clean));
        await miner.SendAsync(FakePoolConnection.Notify("e"));
        job = await jobs.NextAsync();
        Assert.Equal(("e", false), (job.Id, job.Clean));
    }

    [Fact]
    public async Task Jobs_NotifyInThePacketOfTheSubscribeAnswer_IsAJob()
    {
        await using var pool = new FakePool();
        var (client, miner) = await pool.ConnectAsync();
        await using var _ = client;
        var subscribe = client.SubscribeAsync();
        var id = (await miner.ExpectAsync("mining.subscribe")).GetProperty("id").GetRawText();
        await miner.SendAsync(
            $$"""{"id":{{id}},"result":[null,"aabb",8],"error":null}""",
            FakePoolConnection.Notification("mining.set_difficulty", "[2]"),
            FakePoolConnection.Notify("a"));
        await subscribe;
        await using var jobs = client.ReadJobs();
        var job = await jobs.NextAsync();
        Assert.Equal(("aabb", 8, new Difficulty(2)), (job.Extranonce1.ToString(), job.Extranonce2Size, job.Difficulty));
    }

    [Fact]
    public async Task Notify_BeforeSubscribe_IsReportedAndNoJob()
    {
        await using var pool = new FakePool();
        var (client, miner) = await pool.ConnectAsync();
        await using var _ = client;
        var error = client.NextProtocolError();
        await miner.SendAsync(FakePoolConnection.Notify("a"));
        Assert.Contains("mining.subscribe", (await error).Text, StringComparison.Ordinal);
        Assert.Null(client.CurrentJob);
    }

    [Theory]
    [InlineData("mining.notify", "[\"a\"]")]
    [InlineData("mining.set_difficulty", "[0]")]
    [InlineData("mining.set_extranonce", "[\"xyz\",4]")]
    [InlineData("client.reconnect", "[\"pool\",99999,0]")]
    [InlineData("client.show_message", "{}")]
    public async Task Notification_BadParameters_IsReportedAndTheConnectionStays(string method, string parameters)
    {
        await using var pool = new FakePool();
        var (client, miner) = await pool.LoginAsync();
        await using var _ = client;
        var error = client.NextProtocolError();
        string line = FakePoolConnection.Notification(method, parameters);
        await miner.SendAsync(line);
        Assert.Equal(line, (await error).Line);
        await client.SettleAsync(miner);
        Assert.True(client.IsConnected);
    }
}
