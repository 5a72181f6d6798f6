using Stratum.Mining;
using Stratum.Protocol;

namespace Stratum.Client;

public sealed partial class StratumClient
{
    // What was asked for, to be asked again after a reconnect. Under _gate.
    private readonly List<AuthorizeRequest> _authorized = [];
    private ConfigureRequest? _configure;
    private SubscribeRequest? _subscribe;
    private Difficulty? _wish;
    private bool _wantsExtranonce;

    /// <summary>
    /// The whole handshake as the options have it: configure where they ask for version rolling (a pool that does
    /// not know it costs nothing but that), subscribe, authorize, and the wishes.
    /// </summary>
    /// <exception cref="StratumRemoteException">The pool refused; the text is the pool's.</exception>
    public async Task<SubscribeResult> LoginAsync(CancellationToken cancellationToken = default)
    {
        var session = Ready();
        if (Options.VersionRollingMask is { } mask)
        {
            Remember(ref _configure, VersionRolling(mask));
            await TryConfigureAsync(session, VersionRolling(mask), cancellationToken).ConfigureAwait(false);
        }

        var result = await SubscribeAsync(null, cancellationToken).ConfigureAwait(false);
        if (Options.User is { } user)
            await AuthorizeAsync(user, Options.Password, cancellationToken).ConfigureAwait(false);
        if (Options.SubscribeExtranonce)
            SubscribeExtranonce();
        if (Options.SuggestDifficulty is { } wish)
            SuggestDifficulty(wish);
        return result;
    }

    /// <summary><c>mining.configure</c> for version rolling (BIP 310).</summary>
    /// <param name="versionMask">The bits that we can roll.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The answer; what of it counts is in <see cref="VersionMask"/>.</returns>
    /// <exception cref="StratumRemoteException">The pool refused.</exception>
    /// <exception cref="TimeoutException">No answer: old pools answer no method that they do not know.</exception>
    public Task<ConfigureResult> ConfigureAsync(uint versionMask = uint.MaxValue, CancellationToken cancellationToken = default) =>
        ConfigureAsync(VersionRolling(versionMask), cancellationToken);

    /// <summary><c>mining.configure</c>; the first call on a connection, where it is made at all.</summary>
    /// <inheritdoc cref="ConfigureAsync(uint, CancellationToken)"/>
    public async Task<ConfigureResult> ConfigureAsync(ConfigureRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var result = await ConfigureAsync(Ready(), request, Options.CallTimeout, cancellationToken).ConfigureAwait(false);
        Remember(ref _configure, request);
        return result;
    }

    /// <summary><c>mining.subscribe</c>: from the answer on, jobs can be made of notifications.</summary>
    /// <param name="request">User agent and session id; null for the options' user agent.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="StratumRemoteException">The pool refused.</exception>
    /// <exception cref="StratumProtocolException">The answer is none.</exception>
    public async Task<SubscribeResult> SubscribeAsync(SubscribeRequest? request = null, CancellationToken cancellationToken = default)
    {
        request ??= new SubscribeRequest { UserAgent = Options.UserAgent };
        var result = await SubscribeAsync(Ready(), request, cancellationToken).ConfigureAwait(false);
        Remember(ref _subscribe, request);
        return result;
    }

    /// <summary><c>mining.authorize</c>; several workers on one connection are possible.</summary>
    /// <param name="worker">The user name.</param>
    /// <param name="password">Null for the options' password.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="StratumRemoteException">The pool refused; the text is the pool's.</exception>
    public async Task AuthorizeAsync(string worker, string? password = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(worker);
        var request = new AuthorizeRequest { Worker = worker, Password = password ?? Options.Password };
        await AuthorizeAsync(Ready(), request, cancellationToken).ConfigureAwait(false);
        lock (_gate)
        {
            _authorized.RemoveAll(earlier => earlier.Worker == worker);
            _authorized.Add(request);
        }
    }

    /// <summary>
    /// <c>mining.suggest_difficulty</c>. Pools answer in many ways or not at all, so nothing is waited for: a
    /// difficulty that is granted comes with a job.
    /// </summary>
    public void SuggestDifficulty(Difficulty difficulty)
    {
        lock (_gate)
            _wish = difficulty;
        AskInPassing(Ready(), "mining.suggest_difficulty", new SuggestDifficulty(difficulty).Write);
    }

    /// <summary><c>mining.extranonce.subscribe</c>: nothing is waited for, as NiceHash's text wants it.</summary>
    public void SubscribeExtranonce()
    {
        lock (_gate)
            _wantsExtranonce = true;
        AskInPassing(Ready(), "mining.extranonce.subscribe", ExtranonceSubscribe.Write);
    }

    private static ConfigureRequest VersionRolling(uint mask) => new()
    {
        Extensions = [ConfigureRequest.VersionRolling],
        VersionRollingMask = mask,
        MinBitCount = 0,
    };

    private void Remember<T>(ref T? place, T value)
        where T : class
    {
        lock (_gate)
            place = value;
    }

    /// <summary>All that was asked for on the last connection, in the order that pools expect.</summary>
    private async Task ReplayAsync(PoolSession session)
    {
        ConfigureRequest? configure;
        SubscribeRequest? subscribe;
        AuthorizeRequest[] workers;
        Difficulty? wish;
        bool wantsExtranonce;
        lock (_gate)
        {
            (configure, subscribe, wish, wantsExtranonce) = (_configure, _subscribe, _wish, _wantsExtranonce);
            workers = [.. _authorized];
        }

        var none = CancellationToken.None; // the session ends when the client does
        if (configure is not null)
            await TryConfigureAsync(session, configure, none).ConfigureAwait(false);
        if (subscribe is not null)
            await SubscribeAsync(session, subscribe, none).ConfigureAwait(false);
        foreach (var worker in workers)
            await AuthorizeAsync(session, worker, none).ConfigureAwait(false);
        if (wantsExtranonce)
            AskInPassing(session, "mining.extranonce.subscribe", ExtranonceSubscribe.Write);
        if (wish is { } difficulty)
            AskInPassing(session, "mining.suggest_difficulty", new SuggestDifficulty(difficulty).Write);
    }

    private async Task TryConfigureAsync(PoolSession session, ConfigureRequest request, CancellationToken cancellationToken)
    {
        try
        {
            await ConfigureAsync(session, request, Options.ConfigureTimeout, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is StratumRemoteException or StratumProtocolException or TimeoutException)
        {
            _log.NoVersionRolling(session.Url, error.Message);
        }
    }
}
