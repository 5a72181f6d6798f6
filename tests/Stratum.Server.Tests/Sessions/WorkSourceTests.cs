using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Stratum.Mining;

namespace Stratum.Server.Tests;

public sealed class WorkSourceTests
{
    [Theory]
    [MemberData(nameof(Drivers.All), MemberType = typeof(Drivers))]
    public async Task Broadcast_ToAnotherSource_OnlyItsSessionsHearOfIt(string driver)
    {
        await using var server = new TestServer();
        var other = new WorkSource(new WorkSourceOptions { Extranonce1Size = 6, Extranonce2Size = 4 });
        server.Server.OnSubscribe((session, request) =>
        {
            if (request.UserAgent == "other")
                session.Work = other;
            return new Subscription(session.NextExtranonce1());
        });
        await using var mine = await server.LoginAsync(driver);
        await using var theirs = await server.ConnectAsync(driver);
        var answer = await theirs.CallAsync("mining.subscribe", "[\"other\"]");
        Assert.Equal((12, 4), (answer.GetProperty("result")[1].GetString()!.Length, answer.GetProperty("result")[2].GetInt32()));
        await theirs.AuthorizeAsync();
        Assert.Empty(await theirs.DrainAsync());
        await Assert.ThrowsAsync<ArgumentException>(async () => await server.Server.BroadcastAsync(Work.NewJob(server.Now), other));
        var job = Work.NewJob(server.Now, options: new JobOptions { ExtranonceSize = 10 });
        Assert.Equal(1, await server.Server.BroadcastAsync(job, other));
        await theirs.WaitForAsync("mining.notify");
        Assert.Empty(await mine.DrainAsync());
        Answers.IsError(21, await mine.SubmitAsync(mine.Solve() with { JobId = job.Id.Value }));
        // A new tip of the one source does not make the work of the other stale.
        await server.BroadcastAsync(tip: 9);
        await theirs.SubscribeAsync();
        Answers.IsTrue(await theirs.SubmitAsync(theirs.Solve()));
    }

    [Fact]
    public async Task SendJob_OneSession_TheOthersHearNothing()
    {
        await using var server = new TestServer();
        await using var one = await server.LoginAsync();
        await using var two = await server.LoginAsync();
        var session = server.Server.Sessions.MinBy(session => session.Id)!;
        Assert.Same(session, server.Server.FindSession(session.Id));
        await session.SendJobAsync(Work.NewJob(server.Now));
        await one.WaitForAsync("mining.notify");
        Assert.Empty(await two.DrainAsync());
        Answers.IsTrue(await one.SubmitAsync(one.Solve()));
        var foreign = Work.NewJob(server.Now);
        new WorkSource().Publish(foreign, server.Now);
        await Assert.ThrowsAsync<ArgumentException>(async () => await session.SendJobAsync(foreign));
    }

    [Fact]
    public async Task Broadcast_SameJobTwice_Throws()
    {
        await using var server = new TestServer();
        var job = await server.BroadcastAsync();
        await Assert.ThrowsAsync<ArgumentException>(async () => await server.Server.BroadcastAsync(job));
    }

    [Fact]
    public async Task Extranonce1_OfAnEndedSession_IsGivenBack()
    {
        await using var server = new TestServer(options => options.Work = new WorkSourceOptions { Extranonce1Size = 2, Extranonce2Size = 8 });
        await using (var peer = await server.ConnectAsync())
        {
            await peer.SubscribeAsync();
            await peer.EndAsync();
            await peer.Serving;
        }
        // All values of two bytes but one can be had at once, so none was lost.
        for (var i = 0; i < ushort.MaxValue; i++)
            server.Server.Work.LeaseExtranonce1();
        Assert.Throws<InvalidOperationException>(() => server.Server.Work.LeaseExtranonce1());
    }

    [Fact]
    public async Task SessionOpened_HandlerCloses_ThePeerIsGone()
    {
        await using var server = new TestServer();
        server.Server.SessionOpened += (_, session) => session.Close();
        await using var peer = await server.ConnectAsync();
        Assert.Null(await peer.ReadLineAsync());
        await peer.Serving;
        Assert.Empty(server.Server.Sessions);
    }

    [Fact]
    public async Task Metrics_SharesSessionsAndReasons_AreCounted()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var factory = services.GetRequiredService<IMeterFactory>();
        var seen = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, it) =>
        {
            if (instrument.Meter.Scope == factory)
                it.EnableMeasurementEvents(instrument);
        };
        void Note<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
        {
            lock (seen)
                seen.Add($"{instrument.Name} {(tags.Length > 0 ? tags[0].Value : value)}");
        }
        listener.SetMeasurementEventCallback<double>(Note);
        listener.SetMeasurementEventCallback<long>(Note);
        listener.SetMeasurementEventCallback<int>(Note);
        listener.Start();
        await using var server = new TestServer(options => options.MeterFactory = factory);
        await using var peer = await server.LoginAsync();
        var share = peer.Solve();
        await peer.SubmitAsync(share);
        await peer.SubmitAsync(share);
        await peer.SendAsync("{");
        await peer.DrainAsync();
        listener.RecordObservableInstruments();
        await peer.EndAsync();
        await peer.Serving;
        Assert.Equal(
        [
            "stratum.server.jobs 1", "stratum.server.share.duration Accepted", "stratum.server.share.duration Duplicate",
            "stratum.server.protocol_errors 1", "stratum.server.sessions 1", "stratum.server.disconnects PeerClosed",
        ], seen);
    }
}
