using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Stratum.Server.Tests;

public sealed class BusyTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMilliseconds(70);

    [Fact]
    public async Task Connection_TooBusy_RefusedWhileThoseThatAreThereMine()
    {
        using var provider = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = provider.GetRequiredService<IMeterFactory>();
        await using var server = new TestServer(options => (options.TooBusy, options.MeterFactory) = (s_limit, meters));
        var refusals = new List<string?>();
        using var metrics = new MeterListener();
        metrics.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == meters && instrument.Name is "stratum.server.busy" or "stratum.server.lag")
                listener.EnableMeasurementEvents(instrument);
        };
        metrics.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            lock (refusals)
                refusals.Add(tags[0].Value?.ToString());
        });
        var measured = 0.0;
        metrics.SetMeasurementEventCallback<double>((_, value, _, _) => measured = value);
        metrics.Start();
        var told = new List<BusyEvent>();
        server.Server.Busy += (_, busy) =>
        {
            lock (told)
                told.Add(busy);
        };
        await using var miner = await server.LoginAsync(Drivers.Loop);

        Lag(server, TimeSpan.FromHours(1));
        Assert.True(await server.IsRefusedAsync());
        Assert.True(await server.IsRefusedAsync());
        Answers.IsTrue(await miner.SubmitAsync(miner.Solve()));
        await server.BroadcastAsync(tip: 2);
        await miner.WaitForAsync("mining.notify");
        Assert.Equal(1, server.Server.ConnectionCount);
        metrics.RecordObservableInstruments();
        Assert.InRange(measured, 2 * s_limit.TotalSeconds, 8 * s_limit.TotalSeconds);

        Lag(server, TimeSpan.Zero);
        await using var second = await server.LoginAsync(Drivers.Loop);
        Assert.Equal(2, server.Server.Sessions.Count);
        // It is told on the thread pool, not on the thread that accepts.
        await Answers.BecomesTrueAsync(() => { lock (told) return told.Count == 2; }, "both refusals to be told");
        lock (told)
        {
            Assert.All(told, busy =>
            {
                Assert.Equal((IPAddress.Loopback, BusyReason.Lag, 1), (busy.RemoteAddress, busy.Reason, busy.Connections));
                Assert.InRange(busy.Lag, 2 * s_limit, 8 * s_limit);
            });
        }
        lock (refusals)
            Assert.Equal(["Lag", "Lag"], refusals);
        // At a level that is looked at it is said once, however many come.
        Assert.Equal([LogLevel.Warning, LogLevel.Information],
            server.Log.Lines.Where(line => line.Text.Contains("oo busy", StringComparison.Ordinal) && line.Level > LogLevel.Debug)
                .Select(line => line.Level));
    }

    [Fact]
    public async Task Connection_RealLagBeyondTheLimit_RefusedWithoutHelp()
    {
        // Every thread pool is behind by a ten-millionth of a second.
        await using var server = new TestServer(options => options.TooBusy = new TimeSpan(1));
        await using var miner = await server.LoginAsync();
        var busy = new TaskCompletionSource<BusyEvent>();
        server.Server.Busy += (_, told) => busy.TrySetResult(told);
        for (var i = 0; !busy.Task.IsCompleted && i < 3000; i++)
        {
            await server.IsRefusedAsync();
            await Task.WhenAny(busy.Task, Task.Delay(10));
        }
        Assert.True(busy.Task.IsCompleted);
        Assert.Equal(BusyReason.Lag, (await busy.Task).Reason);
        Answers.IsTrue(await miner.SubmitAsync(miner.Solve()));
    }

    [Fact]
    public async Task Lag_ALoopIsBehind_NewcomersAreRefused()
    {
        await using var server = new TestServer(options => (options.TooBusy, options.LoopThreads) = (TimeSpan.FromMilliseconds(20), 2))
        {
            Driver = Drivers.InlineLoop,
        };
        // The thread pool has nothing to do meanwhile.
        server.Server.Map("hold", () => SpinWait.SpinUntil(() => server.Server.Lag!.Behind > TimeSpan.FromMilliseconds(400), 30_000));
        await using var miner = await server.ConnectAsync(Drivers.InlineLoop);
        for (var i = 0; i < 20 && !server.Server.Lag!.Refuses(0); i++)
            Assert.True((await miner.CallAsync("hold")).GetProperty("result").GetBoolean());
        Assert.True(server.Server.Lag!.Refuses(0));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0)]
    public async Task TooBusy_NullOrZero_NothingIsMeasured(int? milliseconds)
    {
        await using var server = new TestServer(options =>
            options.TooBusy = milliseconds is { } value ? TimeSpan.FromMilliseconds(value) : null);
        Assert.Null(server.Server.Lag);
        await using var miner = await server.LoginAsync(Drivers.Loop);
    }

    // In place of what the server measures itself.
    private static void Lag(TestServer server, TimeSpan lag)
    {
        server.Server.Lag!.Stop();
        for (var i = 0; i < 100; i++)
            server.Server.Lag.Add(lag);
    }
}
