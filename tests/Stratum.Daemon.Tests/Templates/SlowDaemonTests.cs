using System.Net;
using System.Net.Sockets;
using Stratum.Testing;

namespace Stratum.Daemon.Tests;

/// <summary>Daemons that let us wait: slow ones are used, frozen ones noticed.</summary>
public sealed class SlowDaemonTests
{
    private static readonly TimeSpan TipCheck = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(60);

    private readonly SteppedTime _time = new();

    [Fact]
    public async Task TemplatesAsync_EveryAnswerTakesLong_WorkComesAndItIsCalledSlow()
    {
        using var gate = new SemaphoreSlim(0);
        await using var fake = new FakeDaemon { Gate = gate };
        await using var reading = new TemplateReading(TemplateReading.Options(fake.Url, _time));
        reading.Ask();

        // Each of the three first answers takes longer than our patience, and less than a call may.
        for (int i = 0; i < 3; i++)
        {
            await fake.UntilAsync(f => f.Requests.Count == i + 1);
            await _time.ElapseAsync(Patience);
            DaemonStatus silent = await reading.UntilAsync(DaemonState.Absent);
            Assert.Contains("has not answered for 10 s", silent.Text);
            gate.Release();
        }

        Assert.Equal(102, (await reading.NextAsync()).Height);
        Assert.Equal([DaemonState.Absent, DaemonState.Slow], reading.States);
        Assert.True(reading.Daemon.Status.GivesWork);
        Assert.False(reading.Daemon.Status.IsReady);

        // A new block comes all the same.
        reading.Ask();
        await fake.UntilAsync(f => f.LongPolls.Count == 1);
        fake.NewBlock();
        Assert.Equal(103, (await reading.NextAsync()).Height);
        Assert.Equal(DaemonState.Slow, reading.Daemon.Status.State);

        // Prompt again.
        reading.Ask();
        gate.Release(1000);
        await fake.UntilAsync(f => f.LongPolls.Count == 2);
        await _time.ElapseAsync(TipCheck);
        await reading.UntilAsync(DaemonState.Ready);
        Assert.Equal([DaemonState.Absent, DaemonState.Slow, DaemonState.Ready], reading.States);
    }

    [Fact]
    public async Task TemplatesAsync_FrozenForAMoment_IsSlowUntilItAnswersPromptly()
    {
        await using var fake = new FakeDaemon();
        await using var reading = new TemplateReading(TemplateReading.Options(fake.Url, _time));
        await FreezeAsync(fake, reading);
        int asked = fake.Requests.Count;

        fake.Frozen = false;
        await _time.ElapseAsync(TipCheck);

        await reading.UntilAsync(DaemonState.Ready);
        Assert.Equal(asked + 1, fake.Requests.Count);
        Assert.Single(fake.LongPolls);
        Assert.Contains("lets us wait for more than 10 s", reading.Statuses[1].Text);
        Assert.Equal([DaemonState.Ready, DaemonState.Slow, DaemonState.Ready], reading.States);
    }

    [Fact]
    public async Task TemplatesAsync_FrozenForLong_IsAbsentAndGivesWorkAgainLater()
    {
        await using var fake = new FakeDaemon();
        await using var reading = new TemplateReading(TemplateReading.Options(fake.Url, _time));
        await FreezeAsync(fake, reading);

        await _time.ElapseAsync(CallTimeout);
        DaemonStatus absent = await reading.UntilAsync(DaemonState.Absent);
        fake.NewBlock();
        fake.Frozen = false;
        await _time.ElapseAsync(TimeSpan.FromMilliseconds(250));

        Assert.Contains("no answer to getbestblockhash within 60 s", absent.Text);
        Assert.Equal(103, (await reading.NextAsync()).Height);
        Assert.Equal(
            [DaemonState.Ready, DaemonState.Slow, DaemonState.Absent, DaemonState.Ready], reading.States);
    }

    [Fact]
    public async Task TemplatesAsync_FrozenFromTheStart_SaysSoOnceBeforeTheCallIsGivenUp()
    {
        await using var fake = new FakeDaemon { Frozen = true };
        await using var reading = new TemplateReading(TemplateReading.Options(fake.Url, _time));
        reading.Ask();
        await _time.ElapseAsync(Patience);
        await reading.UntilAsync(DaemonState.Absent);
        await _time.ElapseAsync(CallTimeout);
        await _time.ElapseAsync(TimeSpan.FromMilliseconds(250));
        await _time.ElapseAsync(Patience);

        fake.Frozen = false;

        Assert.Equal(102, (await reading.NextAsync()).Height);
        Assert.Equal(3, reading.Statuses.Count);
        Assert.Contains("has not answered for 10 s", reading.Statuses[0].Text);
        Assert.Contains("within 60 s", reading.Statuses[1].Text);
    }

    [Fact]
    public async Task TemplatesAsync_OutOfFileDescriptors_IsAbsentUntilConnectionsStay()
    {
        // What a daemon does that cannot accept: the connection is made by the kernel and reset.
        int port;
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            port = ((IPEndPoint)listener.LocalEndpoint).Port;
            Task resetting = ResetAsync(listener);
            await using var early = new TemplateReading(
                TemplateReading.Options(new Uri($"http://127.0.0.1:{port}/")));
            DaemonStatus status = await early.UntilAsync(DaemonState.Absent);
            Assert.Contains($"127.0.0.1:{port}", status.Text);
            listener.Stop();
            await resetting;
        }

        await using var fake = new FakeDaemon(port);
        await using var reading = new TemplateReading(TemplateReading.Options(fake.Url));
        Assert.Equal(102, (await reading.NextAsync()).Height);
    }

    private static async Task ResetAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                using Socket socket = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
                socket.LingerState = new LingerOption(true, 0);
            }
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException)
        {
        }
    }

    /// <summary>Ready, long poll under way, then no answer to the tip check.</summary>
    private async Task FreezeAsync(FakeDaemon fake, TemplateReading reading)
    {
        await reading.NextAsync();
        reading.Ask();
        await fake.UntilAsync(f => f.LongPolls.Count == 1);
        fake.Frozen = true;
        await _time.ElapseAsync(TipCheck);
        await fake.UntilAsync(f => f.Requests[^1].Method == "getbestblockhash");
        await _time.ElapseAsync(Patience);
        await reading.UntilAsync(DaemonState.Slow);
    }
}
