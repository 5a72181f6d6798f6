using System.Net;
using System.Net.Sockets;

namespace Stratum.Server;

/// <summary>The loops of a server, from its start to its stop.</summary>
internal sealed class LoopGroup
{
    private readonly StratumServer _server;
    private readonly EventLoop[] _loops;
    private uint _next;

    private LoopGroup(StratumServer server, EventLoop[] loops)
    {
        _server = server;
        _loops = loops;
    }

    /// <summary>Starts what the options ask for and the system can; null with the reason otherwise.</summary>
    public static LoopGroup? TryStart(StratumServer server, out string description)
    {
        var options = server.Options;
        if (options.Transport == SessionTransport.Pipe)
        {
            description = "PipeDriver, as Transport says";
            return null;
        }
        var problem = LoopProbe.Problem;
        var loops = new List<EventLoop>();
        try
        {
            var count = options.LoopThreads > 0 ? options.LoopThreads : Environment.ProcessorCount;
            for (var number = 0; problem is null && number < count; number++)
                loops.Add(EventLoop.Start(number));
        }
        catch (IOException error)
        {
            problem = error.Message;
            loops.ForEach(loop => loop.Stop());
        }
        if (problem is null)
        {
            var why = options.Transport == SessionTransport.Loop ? "as Transport says" : "which works here";
            description = $"LoopDriver, {why}, {loops.Count} {(loops.Count == 1 ? "thread" : "threads")}";
            return new LoopGroup(server, [.. loops]);
        }
        description = $"PipeDriver, because {problem}";
        if (options.Transport == SessionTransport.Loop)
            server.Log.LoopUnusable(problem);
        return null;
    }

    /// <summary>A loop serves an accepted connection, which is counted, to its end; false when the loops are stopping.</summary>
    public bool TryServe(int socket, IPEndPoint remote, Listener listener)
    {
        var loop = Choose();
        if (!loop.TryEnter())
            return false;
        _ = new LoopConnection(loop, _server, listener, socket, remote);
        return true;
    }

    /// <summary>A loop accepts what comes to a listening socket; null when the loops are stopping.</summary>
    public LoopAcceptor? Accept(Socket socket, Listener listener)
    {
        var loop = _loops[Interlocked.Increment(ref _next) % (uint)_loops.Length];
        return loop.TryEnter() ? new LoopAcceptor(loop, this, _server, listener, socket) : null;
    }

    /// <summary>A mark on each loop.</summary>
    /// <param name="act">What it does when it has been asked, on the loop's thread.</param>
    public IReadOnlyList<LoopMark> Mark(Action act) =>
        [.. _loops.Select(loop => LoopMark.TryStart(loop, act, error => _server.OnHandlerFailed(null, error))).OfType<LoopMark>()];

    /// <summary>A second has passed, or the server begins to stop: each connection looks what that means for it.</summary>
    public void Tick()
    {
        foreach (var loop in _loops)
            loop.Tick();
    }

    // The loop that has accepted a connection keeps it, which saves waking another, unless it carries clearly more.
    private EventLoop Choose()
    {
        var least = _loops[0];
        foreach (var loop in _loops)
            if (loop.Count < least.Count)
                least = loop;
        return EventLoop.Current is { } current && current.Count <= 16 + least.Count + least.Count / 8 ? current : least;
    }

    /// <summary>Ends the loops. One whose connection is held by a handler that does not return stays until it does.</summary>
    public async Task StopAsync(TimeSpan timeout)
    {
        foreach (var loop in _loops)
            loop.Stop();
        await Task.WhenAll(_loops.Select(loop => loop.Ended)).WaitAsync(timeout)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
