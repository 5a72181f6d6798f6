using System.Net;
using System.Net.Sockets;
using Stratum.Mining;
using Stratum.Testing;

namespace Stratum.Server.Tests;

/// <summary>
/// A server with a clock that the test moves. At its end it complains about failures that no test expected.
/// </summary>
internal sealed class TestServer : IAsyncDisposable
{
    public static readonly Difficulty Easy = new(1e-9);
    private bool _started;

    public TestServer(Action<StratumServerOptions>? configure = null, Func<StratumServerOptions, StratumServer>? create = null)
    {
        // Never too busy: the machine that runs the tests may be.
        var options = new StratumServerOptions { Port = 0, Difficulty = Easy, TooBusy = null, TimeProvider = Time, LoggerFactory = Log };
        configure?.Invoke(options);
        Server = create?.Invoke(options) ?? new StratumServer(options);
    }

    public ManualTime Time { get; } = new();

    public StratumServer Server { get; }

    public ListLoggers Log { get; } = new();

    /// <summary>Failures of handlers are part of this test.</summary>
    public bool ExpectFailures { get; init; }

    /// <summary>What carries its sockets; the one of the first connection unless it is set.</summary>
    public string Driver
    {
        init => Use(value);
    }

    public uint Now => (uint)Time.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>A peer over memory or over a socket, as the driver says.</summary>
    public async Task<TestPeer> ConnectAsync(string driver = Drivers.Memory)
    {
        if (driver == Drivers.Memory)
        {
            var (ours, theirs) = MemoryPipe.Pair();
            var serving = Server.ServeAsync(theirs);
            return new TestPeer(ours.Input, ours.Output, serving);
        }
        if (!_started)
            Use(driver);
        var socket = await ConnectSocketAsync();
        return TestPeer.Over(new NetworkStream(socket), socket);
    }

    public async Task<Socket> ConnectSocketAsync(int receiveBuffer = 0)
    {
        await StartAsync();
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer > 0)
            socket.ReceiveBufferSize = receiveBuffer;
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, Server.Port));
        return socket;
    }

    /// <summary>Whether a new connection is reset. The reset may be there before connect has returned.</summary>
    public async Task<bool> IsRefusedAsync()
    {
        try
        {
            await using var refused = await ConnectAsync(Drivers.Loop);
            await refused.SendAsync("{\"id\":1,\"method\":\"mining.ping\"}");
            return await refused.ReadLineAsync() is null;
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            return true;
        }
    }

    private void Use(string driver)
    {
        Server.Options.Transport = driver == Drivers.Pipe ? SessionTransport.Pipe : SessionTransport.Loop;
        if (driver == Drivers.InlineLoop)
            Server.Options.Handlers = HandlerScheduling.Inline;
    }

    public async Task StartAsync()
    {
        if (!_started)
            await Server.StartAsync();
        _started = true;
    }

    /// <summary>
    /// Connects, subscribes, authorizes, and waits for the first job, which is broadcast when there is none.
    /// </summary>
    public async Task<TestPeer> LoginAsync(string driver = Drivers.Memory, string worker = "w")
    {
        if (Server.Work.Current is null)
            await BroadcastAsync();
        var peer = await ConnectAsync(driver);
        await peer.LoginAsync(worker);
        return peer;
    }

    /// <summary>Broadcasts work: too hard for a block unless <paramref name="bits"/> say otherwise.</summary>
    public async Task<Job> BroadcastAsync(byte tip = 1, uint bits = Work.HardBits, JobOptions? options = null, bool clean = false)
    {
        var job = Work.NewJob(Now, tip, bits, options);
        job.Clean = clean;
        await Server.BroadcastAsync(job);
        return job;
    }

    /// <summary>Moves the clock second by second, as the heartbeat does.</summary>
    public void Pass(int seconds)
    {
        for (var i = 0; i < seconds; i++)
            Time.Advance(TimeSpan.FromSeconds(1));
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Assert.DoesNotContain(Log.Lines, line => line.Id == 190);
        if (!ExpectFailures)
            Assert.Empty(Log.Lines.Where(line => line.Id is 105 or 106).Select(line => $"{line.Text} {line.Failure}"));
    }
}
