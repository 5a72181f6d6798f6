using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Stratum.Testing;

namespace Stratum.Server.Tests;

/// <summary>A log and metrics of the user that throw wherever they are told something.</summary>
public sealed class BrokenTellingTests
{
    [Theory]
    [MemberData(nameof(Drivers.Sockets), MemberType = typeof(Drivers))]
    public async Task Log_ThrowsAlways_MinersAreServed(string driver)
    {
        using var log = new BrokenLog();
        await using var server = new TestServer(options => options.LoggerFactory = log);
        for (var i = 0; i < 2; i++)
        {
            await using var miner = await server.LoginAsync(driver);
            Answers.IsTrue(await miner.SubmitAsync(miner.Solve()));
            await miner.SendAsync("no JSON");
            await Answers.BecomesTrueAsync(() => log.Count > 0);
        }
        await Answers.BecomesTrueAsync(() => server.Server.ConnectionCount == 0);
    }

    [Theory]
    [MemberData(nameof(Drivers.Sockets), MemberType = typeof(Drivers))]
    public async Task Metrics_ThrowAlways_NothingIsLeftOpenOrCounted(string driver)
    {
        using var provider = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = provider.GetRequiredService<IMeterFactory>();
        var server = new TestServer(options => (options.MeterFactory, options.Limits.MaxConnections, options.LoopThreads) = (meters, 1, 1))
        {
            Driver = driver,
        };
        using var broken = new MeterListener();
        broken.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == meters)
                listener.EnableMeasurementEvents(instrument);
        };
        broken.SetMeasurementEventCallback<long>((_, _, _, _) => throw new InvalidOperationException("the metrics"));
        broken.SetMeasurementEventCallback<double>((_, _, _, _) => throw new InvalidOperationException("the metrics"));
        broken.Start();
        for (var i = 0; i < 3; i++)
        {
            await using (var miner = await server.LoginAsync(driver))
            {
                Answers.IsTrue(await miner.SubmitAsync(miner.Solve()));
                await miner.SendAsync("no JSON");
                await server.BroadcastAsync((byte)(2 + i));
                // Telling of the refusal fails; the refused is let go all the same.
                Assert.True(await server.IsRefusedAsync());
                Assert.Equal(1, server.Server.ConnectionCount);
            }
            await Answers.BecomesTrueAsync(() => server.Server.ConnectionCount == 0 && server.Server.Sessions.Count == 0);
        }
        var last = await server.LoginAsync(driver);
        var started = Stopwatch.GetTimestamp();
        await server.DisposeAsync();
        // It waited for nobody in vain.
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, server.Server.Options.Limits.StopTimeout);
        await last.DisposeAsync();
        GC.KeepAlive(broken);
    }
}
