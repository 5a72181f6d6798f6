using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Net.Sockets;

namespace Stratum.Server;

/// <summary>
/// Carries a session over any duplex pipe: TLS, every operating system, memory. One loop reads and feeds the
/// session; sends run beside it, one at a time, started by whoever has something to send. Reading goes on while a
/// send waits, until the session says that enough answers wait.
/// </summary>
internal sealed class PipeDriver : ISessionTransport, IThreadPoolWorkItem
{
    private const int Idle = 0;
    private const int Sending = 1;
    private const int SendingAndAsked = 2;

    private readonly IDuplexPipe _pipe;
    private readonly Action _abort;
    private readonly Func<bool> _holdsMore;
    private readonly StratumSession _session;
    private readonly TimeProvider _time;
    private readonly WakeSignal _resume = new();
    private int _sendState = Idle;
    private long _blockedSince;
    private volatile bool _finishing;
    private volatile bool _closing;
    private volatile bool _aborted;
    private volatile bool _broken;

    public PipeDriver(IDuplexPipe pipe, StratumSession session, TimeProvider time, Action abort, Func<bool> holdsMore)
    {
        _pipe = pipe;
        _session = session;
        _time = time;
        _abort = abort;
        _holdsMore = holdsMore;
        session.Attach(this);
    }

    public long BlockedSince => Volatile.Read(ref _blockedSince);

    /// <summary>
    /// How long a miner that never pauses holds a stop. Nothing for a twentieth of it is nothing more, when nothing waits
    /// with the kernel either. A test of a busy machine gives more.
    /// </summary>
    public required TimeSpan MostRest { get; init; }

    public void Wake()
    {
        _resume.Set();
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    public void Finish()
    {
        _finishing = true;
        _pipe.Input.CancelPendingRead();
    }

    public void Close(bool abort)
    {
        // First the cut: a read loop that sees the end before it would close in good order.
        if (abort)
            Cut();
        _closing = true;
        _pipe.Input.CancelPendingRead();
        _resume.Set();
    }

    void IThreadPoolWorkItem.Execute() => Send();

    /// <summary>Runs the session to its end. Never throws.</summary>
    public async Task RunAsync(TimeSpan stopTimeout)
    {
        var reason = DisconnectReason.PeerClosed;
        try
        {
            await ReadAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (IsBroken(error))
        {
            reason = DisconnectReason.ConnectionLost;
        }
        catch (Exception error)
        {
            _session.ReportFailure(error);
            reason = DisconnectReason.InternalError;
        }
        _session.Close(_finishing && reason == DisconnectReason.PeerClosed ? DisconnectReason.ServerStopping : reason);
        _closing = true;
        if (!_aborted)
            await DrainAsync(stopTimeout).ConfigureAwait(false);
        _session.OnClosed();
        await CompleteAsync().ConfigureAwait(false);
    }

    private async Task ReadAsync()
    {
        var input = _pipe.Input;
        long finishing = 0;
        while (!_closing)
        {
            ReadResult result;
            if (!_finishing)
                result = await input.ReadAsync().ConfigureAwait(false);
            else if (await ReadRestAsync(finishing = finishing == 0 ? Stopwatch.GetTimestamp() : finishing).ConfigureAwait(false) is { } rest)
                result = rest;
            else
                return;
            var consumed = Feed(result.Buffer);
            var all = consumed.Equals(result.Buffer.End);
            input.AdvanceTo(consumed);
            Send();
            while (_session.IsPaused && !_closing)
                await _resume.WaitAsync().ConfigureAwait(false);
            if (result.IsCompleted && all)
                return;
        }
    }

    // What was received may still be with the kernel, or inside TLS: closing then would be a reset, which takes the
    // answers too. Real time: a clock that a test holds still must not hold the stop.
    private async ValueTask<ReadResult?> ReadRestAsync(long since)
    {
        while (true)
        {
            if (_pipe.Input.TryRead(out var result))
                return result;
            if (Stopwatch.GetElapsedTime(since) > MostRest || _closing)
                return null;
            using var quiet = new CancellationTokenSource(MostRest / 20);
            try
            {
                return await _pipe.Input.ReadAsync(quiet.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (quiet.IsCancellationRequested)
            {
                // On a busy machine the transport has perhaps not come to it yet.
                if (!_holdsMore())
                    return null;
            }
        }
    }

    private SequencePosition Feed(in ReadOnlySequence<byte> buffer)
    {
        long consumed = 0;
        foreach (var segment in buffer)
        {
            var taken = _session.Receive(segment.Span);
            consumed += taken;
            if (taken < segment.Length)
                break;
        }
        return buffer.GetPosition(consumed);
    }

    // Starts a send, or tells the one that is under way to look again when it is through.
    private void Send()
    {
        while (true)
        {
            var state = Volatile.Read(ref _sendState);
            if (state == SendingAndAsked)
                return;
            if (state == Sending && Interlocked.CompareExchange(ref _sendState, SendingAndAsked, Sending) == Sending)
                return;
            if (state == Idle && Interlocked.CompareExchange(ref _sendState, Sending, Idle) == Idle)
                break;
        }
        _ = SendAllAsync();
    }

    private async Task SendAllAsync()
    {
        try
        {
            do
            {
                Volatile.Write(ref _sendState, Sending);
                while (_session.Take(_pipe.Output))
                {
                    _session.OnSent();
                    Volatile.Write(ref _blockedSince, Math.Max(1, _time.GetTimestamp()));
                    var result = await _pipe.Output.FlushAsync().ConfigureAwait(false);
                    Volatile.Write(ref _blockedSince, 0);
                    _resume.Set();
                    // Nobody takes what was to be sent.
                    if (result.IsCompleted)
                    {
                        EndSending();
                        return;
                    }
                }
            }
            while (Interlocked.CompareExchange(ref _sendState, Idle, Sending) != Sending);
            _resume.Set();
        }
        catch (Exception error)
        {
            // A broken pipe in any of its forms: the reading side sees the same and ends the session.
            if (!IsBroken(error) && error is not InvalidOperationException)
                _session.ReportFailure(error);
            EndSending();
        }
    }

    // The state stays Sending: nothing can be sent any more.
    private void EndSending()
    {
        Volatile.Write(ref _blockedSince, 0);
        _session.Outbound.Close();
        _broken = true;
        _session.Close(DisconnectReason.ConnectionLost);
        _resume.Set();
    }

    private async Task DrainAsync(TimeSpan timeout)
    {
        try
        {
            using var deadline = new CancellationTokenSource(timeout, _time);
            Send();
            while (Volatile.Read(ref _sendState) != Idle && !_broken)
                await _resume.WaitAsync().AsTask().WaitAsync(deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Cut();
        }
    }

    // A socket that is closed under its transport gives the bare SocketException.
    private static bool IsBroken(Exception error) =>
        error is IOException or SocketException or ObjectDisposedException or OperationCanceledException;

    // What fails here must not keep the session for ever.
    private void Cut()
    {
        if (Interlocked.Exchange(ref _aborted, true))
            return;
        try
        {
            _abort();
        }
        catch (Exception error)
        {
            _session.ReportFailure(error);
        }
    }

    private async Task CompleteAsync()
    {
        try
        {
            await _pipe.Input.CompleteAsync().ConfigureAwait(false);
            await _pipe.Output.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or InvalidOperationException or ObjectDisposedException
            or NotSupportedException)
        {
            // The other side is gone already, or a TLS stream still holds the write that was cut.
        }
    }
}
