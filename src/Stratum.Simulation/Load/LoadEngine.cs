using System.Diagnostics;
using Stratum.Server;

namespace Stratum.Simulation;

/// <summary>
/// The sessions of a run: opens them, keeps the pace of an open loop, and closes them. Called by its carrier under
/// <see cref="Gate"/>; <see cref="LoadRun"/> says from outside what comes next.
/// </summary>
internal sealed partial class LoadEngine(LoadOptions options, LoadCourse course)
{
    // Connecting and not logged in yet: a listener's backlog is never the test.
    private const int MostOpening = 64;

    // In Connect a failed cycle is followed by another one, unless nothing else happens any more.
    private const int MostFailuresInARow = 100;

    private readonly HashSet<LoadPeer> _opening = [];
    private readonly List<LoadPeer> _ready = [];
    private readonly LoadProblems _problems = new();
    private readonly TaskCompletionSource _allReady = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ILoadCarrier _carrier = null!;
    private int _opened;
    private int _failuresInARow;
    private bool _isClosing;

    /// <summary>Held for every call into the engine, and for every look at what is counted.</summary>
    public Lock Gate { get; } = new();

    /// <summary>All sessions are logged in and have what they need; with Connect at once.</summary>
    public Task AllReady => _allReady.Task;

    /// <summary>It makes no sense to go on: <see cref="Problems"/> says why.</summary>
    public Task Failed => _failed.Task;

    /// <summary>No share waits for its turn or for an answer, after <see cref="EndWork"/>.</summary>
    public Task Drained => _drained.Task;

    /// <summary>All connections are closed, after <see cref="Close"/>.</summary>
    public Task Closed => _closed.Task;

    public long LostConnections { get; private set; }

    public long LostReplies { get; private set; }

    /// <summary>Shares of an open loop that were due and that sessions were there for: we were too slow.</summary>
    public long UnsentShares { get; private set; }

    public long Logins { get; private set; }

    /// <summary>Those that are ready now.</summary>
    public int Sessions => _ready.Count;

    public IReadOnlyList<string> Problems => _problems.Texts;

    private bool IsCycling => options.Mode == LoadMode.Connect;

    /// <summary>Opens the sessions.</summary>
    public void Begin(ILoadCarrier carrier)
    {
        lock (Gate)
        {
            _carrier = carrier;
        }

        carrier.Wake();
    }

    /// <summary>Hands in shares from now on.</summary>
    public void BeginWork()
    {
        lock (Gate)
        {
            course.IsSubmitting = options.Submits;
            _mustFill = course.Window > 0;
            _isPacing = course.IsSubmitting && options.Rate is not null;
            _paceFrom = Stopwatch.GetTimestamp();
        }

        _carrier.Wake();
    }

    /// <summary>
    /// No more shares are due from now on; <see cref="Drained"/> when all that were are sent and answered.
    /// </summary>
    public void EndWork()
    {
        lock (Gate)
        {
            course.IsSubmitting = false;
            _isDraining = true;
            _paceTo = Stopwatch.GetTimestamp();
        }

        _carrier.Wake();
    }

    /// <summary>Closes all connections. What was not answered by now never is.</summary>
    public void Close()
    {
        lock (Gate)
        {
            _isClosing = true;
        }

        _carrier.Wake();
    }

    /// <summary>Has a look at those that take long to log in.</summary>
    public void Look() => _carrier.Wake();

    /// <summary>The run cannot go on, for a reason of ours.</summary>
    public void Fail(string problem)
    {
        lock (Gate)
        {
            _problems.Add(problem);
            _failed.TrySetResult();
        }
    }

    /// <summary>Does all that is due. Under the gate, on the carrier's thread.</summary>
    public void Act(LoopOutput output)
    {
        if (_isClosing)
        {
            CloseAll();
            return;
        }

        GiveUpOnSlow();
        OpenMore();
        if (_mustFill)
        {
            _mustFill = false;
            FillAll(output);
        }

        Pace(output);
        CheckDrained();
    }

    /// <summary>A connection is there.</summary>
    public void Connected(LoadPeer peer, LoopOutput output) => peer.Connected(output);

    /// <summary>Bytes came.</summary>
    /// <returns>False when the link must go: it is to close itself.</returns>
    public bool Received(LoadPeer peer, ReadOnlySpan<byte> bytes, long now, LoopOutput output)
    {
        LoadState before = peer.State;
        peer.Receive(bytes, now, output);
        if (peer.State == LoadState.Broken)
        {
            Lost(peer, "The server " + peer.Failure);
            return false;
        }

        if (peer.State == LoadState.Ready && before != LoadState.Ready)
        {
            return BecameReady(peer, now);
        }

        if (_isDraining)
        {
            CheckDrained();
        }

        return true;
    }
}
