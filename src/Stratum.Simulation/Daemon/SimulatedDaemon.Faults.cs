using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Stratum.Simulation;

/// <summary>What can be wrong with the daemon. Each may be changed at any time, from any thread.</summary>
public sealed partial class SimulatedDaemon
{
    private readonly ConcurrentDictionary<string, int> _calls = [];
    private readonly Lock _faultGate = new();
    private TaskCompletionSource _moodChanged = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SimulatedDaemonMood _mood;
    private SimulatedFault? _fault;
    private int _faultsLeft;
    private long _answerDelay = TimeSpan.FromSeconds(30).Ticks;
    private long _clockOffset;
    private volatile int _peers;
    private volatile SimulatedRefusal? _refusal;
    private volatile Func<string, JsonNode?, JsonNode?>? _tamper;

    /// <summary>How it feels. Callers that hang or wait for a slow answer are released by a change.</summary>
    public SimulatedDaemonMood Mood
    {
        get
        {
            lock (_faultGate)
            {
                return _mood;
            }
        }

        set
        {
            TaskCompletionSource changed;
            lock (_faultGate)
            {
                _mood = value;
                changed = _moodChanged;
                _moodChanged = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            changed.SetResult();
        }
    }

    /// <summary>
    /// How long each answer takes in the mood <see cref="SimulatedDaemonMood.Slow"/>, by the chain's clock. The call
    /// is run at once, and its answer kept back.
    /// </summary>
    /// <value>30 s: longer than most callers wait.</value>
    public TimeSpan AnswerDelay
    {
        get => new(Interlocked.Read(ref _answerDelay));
        set => Interlocked.Exchange(ref _answerDelay, value.Ticks);
    }

    /// <summary>
    /// How far its clock is ahead of the chain's, below zero behind; shows in the <c>Date</c> of its HTTP answers.
    /// Times of templates are the network's, and stay.
    /// </summary>
    /// <value>Zero.</value>
    public TimeSpan ClockOffset
    {
        get => new(Interlocked.Read(ref _clockOffset));
        set => Interlocked.Exchange(ref _clockOffset, value.Ticks);
    }

    /// <summary>Its connections to other nodes. Without any, <c>getblocktemplate</c> fails with -9.</summary>
    /// <value>At first <see cref="SimulatedDaemonOptions.Peers"/>.</value>
    public int Peers
    {
        get => Mood == SimulatedDaemonMood.NoPeers ? 0 : _peers;
        set => _peers = value;
    }

    /// <summary>What goes wrong with its answers.</summary>
    /// <value>Null: nothing.</value>
    public SimulatedFault? Fault
    {
        get
        {
            lock (_faultGate)
            {
                return _fault;
            }
        }

        set
        {
            lock (_faultGate)
            {
                _fault = value;
                _faultsLeft = value?.Times ?? int.MaxValue;
            }
        }
    }

    /// <summary>Answers <c>submitblock</c> in place of the chain, which does not see the block.</summary>
    /// <value>Null: the chain judges.</value>
    public SimulatedRefusal? BlockRefusal
    {
        get => _refusal;
        set => _refusal = value;
    }

    /// <summary>
    /// Changes answers: is given the method's name and its <c>result</c> (null stands for JSON's null), and returns
    /// what is sent in its place; the same for what it lets pass. May throw <see cref="SimulatedRpcException"/> for an
    /// error. Runs on the thread of the call, several at once; calls that failed do not come here.
    /// </summary>
    /// <value>Null: answers stay as they are.</value>
    public Func<string, JsonNode?, JsonNode?>? Tamper
    {
        get => _tamper;
        set => _tamper = value;
    }

    /// <summary>How often a method was called since the daemon was made, whatever the answer was.</summary>
    /// <param name="method">Its name; one that does not exist was called 0 times.</param>
    public int CallCount(string method) => _calls.GetValueOrDefault(method);

    internal void Count(string method) => _calls.AddOrUpdate(method, 1, (_, count) => count + 1);

    /// <summary>The fault that meets a request with these methods, which counts as met.</summary>
    internal SimulatedFault? TakeFault(IReadOnlyList<string> methods) =>
        TakeFault(fault => fault.Method is null || methods.Contains(fault.Method));

    /// <summary>Whether a connection is closed before anything was read.</summary>
    internal bool ClosesConnection() =>
        TakeFault(fault => fault is { Kind: SimulatedFaultKind.Closed, Method: null }) is not null;

    /// <summary>Returns at once, except in the mood that answers nobody.</summary>
    internal async Task WaitWhileHangingAsync(CancellationToken cancellationToken)
    {
        while (IsIn(SimulatedDaemonMood.Hanging, out var changed))
        {
            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Keeps an answer back as long as the mood wants it.</summary>
    internal async Task WaitBeforeAnswerAsync(CancellationToken cancellationToken)
    {
        if (IsIn(SimulatedDaemonMood.Slow, out var changed))
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(changed, Task.Delay(AnswerDelay, Chain.Options.TimeProvider, either.Token))
                .ConfigureAwait(false);
            await either.CancelAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }

        await WaitWhileHangingAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <param name="mood">The mood that is asked for.</param>
    /// <param name="changed">Ends with the mood that it has now.</param>
    private bool IsIn(SimulatedDaemonMood mood, out Task changed)
    {
        lock (_faultGate)
        {
            changed = _moodChanged.Task;
            return _mood == mood;
        }
    }

    private SimulatedFault? TakeFault(Func<SimulatedFault, bool> meets)
    {
        lock (_faultGate)
        {
            if (_fault is not { } fault || !meets(fault))
            {
                return null;
            }

            if (fault.Times is not null && --_faultsLeft <= 0)
            {
                _fault = null;
            }

            return fault;
        }
    }
}
