using Stratum.Protocol;

namespace Stratum.Client;

public sealed partial class StratumClient
{
    // A connection that held this long was a good one: the next loss is a new story.
    private static readonly TimeSpan HeldFor = TimeSpan.FromSeconds(30);

    private async Task SuperviseAsync(PoolSession session)
    {
        _isSupervisor.Value = true;
        var backoff = new Backoff(Options.ReconnectDelay, Options.MaxReconnectDelay);
        while (true)
        {
            var reason = await session.Ended.ConfigureAwait(false);
            lock (_gate)
            {
                _session = null;
                _feed.Clear();
            }

            bool goesOn = !_stopping.IsCancellationRequested && (Options.Reconnect || session.Redirect is not null);
            _log.Disconnected(session.Url, reason.Message);
            await RaiseAsync(Disconnected, new ClientDisconnected(session.Url, reason, goesOn)).ConfigureAwait(false);
            if (!goesOn || _stopping.IsCancellationRequested)
            {
                End(_stopping.IsCancellationRequested ? null : reason);
                return;
            }

            if (Options.TimeProvider.GetElapsedTime(session.OpenedAt) >= HeldFor)
                backoff.Reset();
            try
            {
                session = await ReturnAsync(session.Redirect, reason, backoff).ConfigureAwait(false);
            }
            catch (Exception) when (_stopping.IsCancellationRequested)
            {
                End(null);
                return;
            }
            catch (Exception error)
            {
                _log.GaveUp(_url!, error.Message);
                End(error);
                return;
            }

            await RaiseAsync(Connected, new ClientConnected(session.Url, IsReconnect: true)).ConfigureAwait(false);
        }
    }

    /// <summary>Tries until there is a connection that is logged in as the last one was.</summary>
    private async Task<PoolSession> ReturnAsync(Reconnect? redirect, Exception reason, Backoff backoff)
    {
        long since = Options.TimeProvider.GetTimestamp();
        while (true)
        {
            var (url, delay) = NextTry(redirect, backoff);
            redirect = null; // one try; then the pool that we were given
            _log.Reconnecting(url, delay.TotalSeconds);
            await RaiseAsync(Reconnecting, new ClientReconnecting(url, backoff.Attempt, delay, reason)).ConfigureAwait(false);
            await Task.Delay(delay, Options.TimeProvider, _stopping.Token).ConfigureAwait(false);
            PoolSession? session = null;
            try
            {
                session = new PoolSession(this, url, await PoolConnector.OpenAsync(url, Options, _stopping.Token).ConfigureAwait(false));
                using var _ = _stopping.Token.Register(static opened => Stop((PoolSession)opened!), session);
                await ReplayAsync(session).ConfigureAwait(false);
                MarkReady(session);
                if (_stopping.IsCancellationRequested)
                    Stop(session); // DisposeAsync may have looked before it was there
                return session;
            }
            catch (StratumRemoteException) when (!Options.RetryRefusedLogin)
            {
                await CloseAsync(session).ConfigureAwait(false);
                throw;
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                await CloseAsync(session).ConfigureAwait(false);
                reason = error;
                redirect = session?.Redirect;
                if (!Options.Reconnect && redirect is null)
                    throw; // it was sent away, and that is where the way ended
                if (Options.ReconnectFor != Timeout.InfiniteTimeSpan
                    && Options.TimeProvider.GetElapsedTime(since) >= Options.ReconnectFor)
                {
                    throw new IOException($"{_url} stayed away for {Options.ReconnectFor.TotalSeconds:0.###} s: {error.Message}", error);
                }
            }
        }
    }

    private (StratumUrl Url, TimeSpan Delay) NextTry(Reconnect? redirect, Backoff backoff)
    {
        bool isFirst = backoff.Attempt == 0;
        var delay = backoff.Next(Random.Shared.NextDouble());
        if (redirect is null)
            return (_url!, delay);
        var wait = TimeSpan.FromSeconds(Math.Min(redirect.WaitSeconds, Options.MaxReconnectWait.TotalSeconds));
        // A pool that sends us away again and again is not followed faster than one that dies again and again.
        delay = isFirst || wait > delay ? wait : delay;
        return (new StratumUrl(redirect.Host ?? _url!.Host, redirect.Port ?? _url!.Port, _url!.UseTls), delay);
    }

    /// <summary>Whether <c>client.reconnect</c> may lead there. TLS or not stays as it was given to us.</summary>
    private bool MayFollow(PoolSession session, Reconnect redirect) =>
        redirect.Host is not { } host
        || string.Equals(host, _url?.Host ?? session.Url.Host, StringComparison.OrdinalIgnoreCase)
        || string.Equals(host, session.Url.Host, StringComparison.OrdinalIgnoreCase)
        || (Options.ReconnectHosts.Contains(host, StringComparer.OrdinalIgnoreCase)
            && Uri.CheckHostName(host) != UriHostNameType.Unknown);

    private static void Stop(PoolSession session) => session.Close(new OperationCanceledException("The client was disposed"));

    private static async Task CloseAsync(PoolSession? session)
    {
        if (session is null)
            return;
        session.Close(new IOException("The login failed"));
        await session.Ended.ConfigureAwait(false);
    }
}
