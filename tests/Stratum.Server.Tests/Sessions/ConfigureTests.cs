using Stratum.Mining;

namespace Stratum.Server.Tests;

public sealed class ConfigureTests
{
    [Theory]
    [InlineData("""[["version-rolling"],{"version-rolling.mask":"ffffffff","version-rolling.min-bit-count":2}]""",
        """{"version-rolling":true,"version-rolling.mask":"1fffe000"}""")]
    [InlineData("""[["version-rolling"],{"version-rolling.mask":"00ffe000","version-rolling.min-bit-count":16}]""",
        """{"version-rolling":true,"version-rolling.mask":"00ffe000"}""")]
    [InlineData("""[["version-rolling"]]""", """{"version-rolling":true,"version-rolling.mask":"1fffe000"}""")]
    [InlineData("""[["version-rolling"],{"version-rolling.mask":"00000fff"}]""", """{"version-rolling":false}""")]
    [InlineData("""[["version-rolling"],{"version-rolling.mask":"0"}]""", """{"version-rolling":false}""")]
    [InlineData("""[["minimum-difficulty"],{"minimum-difficulty.value":2048}]""", """{"minimum-difficulty":true}""")]
    [InlineData("""[["minimum-difficulty"],{}]""", """{"minimum-difficulty":false}""")]
    [InlineData("""[["subscribe-extranonce"],{}]""", """{"subscribe-extranonce":true}""")]
    [InlineData("""[["info"],{"info.sw-version":"1","info.hw-version":null}]""", """{"info":true}""")]
    [InlineData("""[["unknown","version-rolling","x.y"],{"unknown.a":[1]}]""",
        """{"unknown":false,"version-rolling":true,"version-rolling.mask":"1fffe000","x.y":false}""")]
    [InlineData("""[[],{"version-rolling.mask":"ffffffff"}]""", "{}")]
    public async Task Configure_Extensions_AnsweredAndNothingElse(string parameters, string result)
    {
        foreach (var driver in Drivers.All)
        {
            await using var server = new TestServer();
            await using var peer = await server.ConnectAsync(driver);
            Assert.Equal(result, (await peer.CallAsync("mining.configure", parameters)).GetProperty("result").GetRawText());
        }
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""["version-rolling"]""")]
    [InlineData("""[[5],{}]""")]
    [InlineData("""[["version-rolling"],[]]""")]
    [InlineData("""[["version-rolling"],{"version-rolling.mask":"xyz"}]""")]
    [InlineData("""[["version-rolling"],{"version-rolling.mask":[]}]""")]
    public async Task Configure_Unreadable_20(string parameters)
    {
        await using var server = new TestServer();
        await using var peer = await server.ConnectAsync();
        Answers.IsError(20, await peer.CallAsync("mining.configure", parameters));
    }

    [Fact]
    public async Task Configure_CoinWithoutVersionRolling_False()
    {
        await using var server = new TestServer();
        await server.BroadcastAsync(options: new JobOptions { VersionMask = 0 });
        await using var peer = await server.ConnectAsync();
        var answer = await peer.CallAsync("mining.configure", """[["version-rolling"],{"version-rolling.mask":"ffffffff"}]""");
        Assert.Equal("""{"version-rolling":false}""", answer.GetProperty("result").GetRawText());
        await peer.LoginAsync();
        Assert.Equal("20000000", peer.Job!.Version);
        Answers.IsError(20, await peer.SubmitAsync(peer.Solve(versionBits: 0x2000)));
        Answers.IsTrue(await peer.SubmitAsync(peer.Solve(versionBits: 0)));
    }

    [Theory]
    [MemberData(nameof(Drivers.All), MemberType = typeof(Drivers))]
    public async Task Submit_RolledVersion_JudgedWithinTheMaskOfTheSession(string driver)
    {
        await using var server = new TestServer();
        await using var without = await server.LoginAsync(driver);
        Answers.IsError(20, await without.SubmitAsync(without.Solve(versionBits: 0x2000)));
        await using var peer = await server.ConnectAsync(driver);
        await peer.CallAsync("mining.configure", """[["version-rolling"],{"version-rolling.mask":"00ffe000"}]""");
        await peer.LoginAsync();
        Answers.IsTrue(await peer.SubmitAsync(peer.Solve(1, versionBits: 0x00ffe000)));
        Answers.IsTrue(await peer.SubmitAsync(peer.Solve(1)));
        Answers.IsTrue(await peer.SubmitAsync(Solver.Find(peer.Job!, peer.Extranonce1, peer.Extranonce2(2),
            Solver.Above(peer.Difficulty), versionBits: 0x2000, mask: 0x00ffe000)));
        Answers.IsError(20, await peer.SubmitAsync(peer.Solve(3, versionBits: 0x01002000)));
        Answers.IsError(20, await peer.SubmitAsync(peer.Solve(4, versionBits: 1)));
    }

    [Theory]
    [MemberData(nameof(Drivers.All), MemberType = typeof(Drivers))]
    public async Task SetVersionMask_OnlyWhenItChangesAndOnlyToThoseWhoRoll(string driver)
    {
        await using var server = new TestServer();
        await using var plain = await server.LoginAsync(driver);
        await using var peer = await server.ConnectAsync(driver);
        await peer.CallAsync("mining.configure", """[["version-rolling"],{"version-rolling.mask":"ffffffff"}]""");
        await peer.LoginAsync();
        Assert.Equal(["mining.set_difficulty", "mining.notify"], peer.Notifications.Methods());
        await server.BroadcastAsync();
        Assert.Equal(["mining.notify"], (await peer.DrainAsync()).Methods());
        await server.BroadcastAsync(options: new JobOptions { VersionMask = 0x00fff000 });
        var told = await peer.DrainAsync();
        Assert.Equal(["mining.set_version_mask", "mining.notify"], told.Methods());
        Assert.Equal("""["00ffe000"]""", told[0].GetProperty("params").GetRawText());
        await server.BroadcastAsync(options: new JobOptions { VersionMask = 0x00fff000 });
        Assert.Equal(["mining.notify"], (await peer.DrainAsync()).Methods());
        Assert.DoesNotContain("mining.set_version_mask", plain.Notifications.Methods());
    }

    [Theory]
    [InlineData("mining.extranonce.subscribe", "[]")]
    [InlineData("mining.configure", """[["subscribe-extranonce"],{}]""")]
    public async Task SetExtranonce_OnlyToThoseWhoAsked_FromTheNextJobOn(string method, string parameters)
    {
        await using var server = new TestServer();
        await using var peer = await server.LoginAsync();
        var session = Assert.Single(server.Server.Sessions);
        Assert.False(session.TrySetExtranonce(session.NextExtranonce1()));
        Assert.Null((await peer.CallAsync(method, parameters)).GetProperty("error").GetString());
        var old = peer.Job!;
        var before = peer.Solve();
        Assert.True(session.TrySetExtranonce(new Extranonce([0xaa, 0xbb, 0xcc, 0xdd])));
        Assert.Empty(await peer.DrainAsync());
        await server.BroadcastAsync();
        var told = await peer.DrainAsync();
        Assert.Equal(["mining.set_extranonce", "mining.notify"], told.Methods());
        Assert.Equal("""["aabbccdd",8]""", told[0].GetProperty("params").GetRawText());
        Answers.IsTrue(await peer.SubmitAsync(peer.Solve()));
        Answers.IsTrue(await peer.SubmitAsync(before));
        Assert.Equal(old.JobId, before.JobId);
        await server.BroadcastAsync();
        Assert.Equal(["mining.notify"], (await peer.DrainAsync()).Methods());
    }

    [Fact]
    public async Task MinimumDifficulty_RaisesTheFirstDifficultyAndHoldsWishes()
    {
        await using var server = new TestServer();
        await server.BroadcastAsync();
        await using var peer = await server.ConnectAsync();
        await peer.CallAsync("mining.configure", """[["minimum-difficulty"],{"minimum-difficulty.value":0.001}]""");
        await peer.LoginAsync();
        Assert.Equal(0.001, peer.Difficulty);
        await peer.CallAsync("mining.suggest_difficulty", "[0.0001]");
        server.Pass(1);
        await peer.DrainAsync();
        Assert.Equal(0.001, peer.Difficulty);
    }
}
