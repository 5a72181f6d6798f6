using System.Text.Json;
using Stratum.Protocol;

namespace Stratum.Server.Tests;

public sealed class CallTests
{
    [Theory]
    [MemberData(nameof(Drivers.All), MemberType = typeof(Drivers))]
    public async Task GetVersion_MinerAnswers_GivesItsText(string driver)
    {
        await using var server = new TestServer();
        await using var peer = await server.LoginAsync(driver);
        var session = Assert.Single(server.Server.Sessions);
        var version = session.GetVersionAsync();
        var request = JsonDocument.Parse((await peer.ReadLineAsync())!).RootElement;
        Assert.Equal("client.get_version", request.GetProperty("method").GetString());
        await peer.SendAsync($$"""{"id":{{request.GetProperty("id").GetRawText()}},"result":"cgminer/4.10","error":null}""");
        Assert.Equal("cgminer/4.10", await version);
    }

    [Fact]
    public async Task Call_MinerRefusesOrAnswersInTextId_IsTold()
    {
        await using var server = new TestServer();
        await using var peer = await server.LoginAsync();
        var session = Assert.Single(server.Server.Sessions);
        var first = session.CallAsync("client.get_stats");
        var second = session.CallAsync("client.get_algo", "[1]");
        var ids = new List<string>();
        for (var i = 0; i < 2; i++)
            ids.Add(JsonDocument.Parse((await peer.ReadLineAsync())!).RootElement.GetProperty("id").GetRawText());
        Assert.NotEqual(ids[0], ids[1]);
        await peer.SendAsync("{\"id\":\"" + ids[1] + "\",\"result\":{\"algo\":\"sha256d\"}}");
        await peer.SendAsync("{\"id\":" + ids[0] + ",\"result\":null,\"error\":[-3,\"no such method\",null]}");
        Assert.Equal("sha256d", (await second).GetProperty("algo").GetString());
        var error = await Assert.ThrowsAsync<StratumRemoteException>(() => first);
        Assert.Equal(-3, error.Code);
    }

    [Fact]
    public async Task Call_NotAuthorizedGivenUpOrEnded_Ends()
    {
        await using var server = new TestServer();
        await server.BroadcastAsync();
        await using var peer = await server.ConnectAsync();
        await peer.CallAsync("mining.ping");
        var session = Assert.Single(server.Server.Sessions);
        await Assert.ThrowsAsync<InvalidOperationException>(() => session.CallAsync("x"));
        await peer.LoginAsync();
        using var giveUp = new CancellationTokenSource();
        var given = session.CallAsync("x", "[]", giveUp.Token);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        var calls = Enumerable.Range(0, 16).Select(_ => session.CallAsync("x")).ToList();
        await Assert.ThrowsAsync<InvalidOperationException>(() => session.CallAsync("x"));
        session.Close();
        foreach (var call in calls)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }
}
