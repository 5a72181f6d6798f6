using Stratum.Mining;
using Stratum.Protocol;

namespace Stratum.Server;

public partial class StratumServer
{
    /// <summary>A connection became a session.</summary>
    public event EventHandler<StratumSession>? SessionOpened;

    /// <summary>A session ended.</summary>
    public event EventHandler<SessionClosedEvent>? SessionClosed;

    /// <summary>A connection was refused: too many are open, or the server is too busy.</summary>
    public event EventHandler<BusyEvent>? Busy;

    /// <summary>A line could not be read.</summary>
    public event EventHandler<ProtocolErrorEvent>? ProtocolError;

    /// <summary>A worker was let in.</summary>
    public event EventHandler<WorkerAuthorizedEvent>? WorkerAuthorized;

    /// <summary>A share was judged and goes to its handler.</summary>
    public event EventHandler<ShareEvent>? ShareSubmitted;

    /// <summary>A share was accepted and its answer queued.</summary>
    public event EventHandler<ShareEvent>? ShareAccepted;

    /// <summary>A share was refused and its answer queued.</summary>
    public event EventHandler<ShareEvent>? ShareRejected;

    /// <summary>A job was put into every session's slot.</summary>
    public event EventHandler<JobBroadcastEvent>? JobBroadcast;

    /// <summary>
    /// A share solves a block. Its miner is answered when the handlers have ended, so that nobody hears of a block that
    /// is not in safety: write it down in the handler, and do not wait there for a daemon.
    /// </summary>
    public event AsyncEventHandler<BlockCandidate>? BlockFound;

    internal void OnSessionOpened(StratumSession session)
    {
        Log.SessionOpened(session);
        Raise(SessionOpened, session);
    }

    internal void OnSessionClosed(StratumSession session)
    {
        var reason = session.CloseReason ?? DisconnectReason.PeerClosed;
        Log.SessionClosed(session, reason);
        Metrics.Closed(reason);
        Raise(SessionClosed, new SessionClosedEvent(session, reason));
    }

    internal void OnBusy(BusyEvent busy)
    {
        _listeners.LogRefusal(busy);
        Metrics.Busy(busy.Reason);
        Raise(Busy, busy);
    }

    internal void OnProtocolError(StratumSession session, string text, int count)
    {
        Log.ProtocolError(session, text);
        Metrics.ProtocolError();
        Raise(ProtocolError, new ProtocolErrorEvent(session, text, count));
    }

    internal void OnWorkerAuthorized(StratumSession session, WorkerName worker)
    {
        Log.WorkerAuthorized(session, worker);
        Raise(WorkerAuthorized, new WorkerAuthorizedEvent(session, worker));
    }

    internal void OnShare(in ShareEvent share, long started)
    {
        Metrics.Share(share.Result.Verdict, started);
        Raise(share.Result.IsAccepted ? ShareAccepted : ShareRejected, share);
    }

    internal void OnHandlerFailed(StratumSession? session, Exception failure)
    {
        Log.HandlerFailed(session, failure);
        Metrics.HandlerFailed();
    }

    /// <summary>Tells of a block; never throws. The task ends when the handlers have it in safety.</summary>
    internal Task OnBlockAsync(BlockCandidate block)
    {
        Log.BlockFound(block.Height, block.BlockId, block.Worker);
        try
        {
            var pending = BlockFoundAsync(block);
            return pending.IsCompletedSuccessfully ? Task.CompletedTask : WatchAsync(pending);
        }
        catch (Exception failure)
        {
            OnHandlerFailed(block.Session, failure);
            return Task.CompletedTask;
        }

        async Task WatchAsync(ValueTask pending)
        {
            try
            {
                await pending.ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                OnHandlerFailed(block.Session, failure);
            }
        }
    }

    // One after the other; an exception of one does not keep the next from hearing of it.
    private void Raise<T>(EventHandler<T>? handlers, in T value)
    {
        foreach (var handler in Delegate.EnumerateInvocationList(handlers))
        {
            try
            {
                handler(this, value);
            }
            catch (Exception failure)
            {
                OnHandlerFailed(null, failure);
            }
        }
    }

    private async ValueTask RaiseAsync<T>(AsyncEventHandler<T>? handlers, T value)
    {
        foreach (var handler in Delegate.EnumerateInvocationList(handlers))
        {
            try
            {
                await handler(this, value).ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                OnHandlerFailed(null, failure);
            }
        }
    }
}
