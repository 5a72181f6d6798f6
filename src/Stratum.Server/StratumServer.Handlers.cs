using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using Stratum.Mining;
using Stratum.Protocol;

namespace Stratum.Server;

public partial class StratumServer
{
    private Func<StratumSession, SubscribeRequest, ValueTask<Subscription>>? _onSubscribe;
    private Func<StratumSession, AuthorizeRequest, ValueTask<bool>>? _onAuthorize;
    private Func<StratumSession, ConfigureRequest, ValueTask<ConfigureResult>>? _onConfigure;
    private Func<StratumSession, Difficulty, ValueTask<Difficulty?>>? _onSuggestDifficulty;
    private Func<StratumSession, Submit, ShareResult>? _onSubmit;
    private Func<StratumSession, Submit, ValueTask<ShareResult>>? _onSubmitAsync;
    private RequestFilter? _onRequest;

    /// <summary>Decides on <c>mining.subscribe</c>. Throw <see cref="StratumException"/> to refuse.</summary>
    /// <exception cref="InvalidOperationException">There is a handler already.</exception>
    [OverloadResolutionPriority(1)]
    public void OnSubscribe(Func<StratumSession, SubscribeRequest, Subscription> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        OnSubscribe((session, request) => new ValueTask<Subscription>(handler(session, request)));
    }

    /// <inheritdoc cref="OnSubscribe(Func{StratumSession, SubscribeRequest, Subscription})"/>
    public void OnSubscribe(Func<StratumSession, SubscribeRequest, ValueTask<Subscription>> handler) =>
        Register(ref _onSubscribe, handler, "mining.subscribe");

    /// <summary>
    /// Decides on <c>mining.authorize</c>: true lets the worker in. Throw <see cref="StratumException"/> to say why
    /// not.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is a handler already.</exception>
    [OverloadResolutionPriority(1)]
    public void OnAuthorize(Func<StratumSession, AuthorizeRequest, bool> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        OnAuthorize((session, request) => new ValueTask<bool>(handler(session, request)));
    }

    /// <inheritdoc cref="OnAuthorize(Func{StratumSession, AuthorizeRequest, bool})"/>
    public void OnAuthorize(Func<StratumSession, AuthorizeRequest, ValueTask<bool>> handler) =>
        Register(ref _onAuthorize, handler, "mining.authorize");

    /// <summary>
    /// Decides on <c>mining.submit</c>. The share is judged already and a block handed on; the handler may change
    /// the answer and the credit.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is a handler already.</exception>
    [OverloadResolutionPriority(1)]
    public void OnSubmit(Func<StratumSession, Submit, ShareResult> handler)
    {
        if (_onSubmitAsync is not null)
            throw Twice("mining.submit");
        Register(ref _onSubmit, handler, "mining.submit");
    }

    /// <inheritdoc cref="OnSubmit(Func{StratumSession, Submit, ShareResult})"/>
    public void OnSubmit(Func<StratumSession, Submit, ValueTask<ShareResult>> handler)
    {
        if (_onSubmit is not null)
            throw Twice("mining.submit");
        Register(ref _onSubmitAsync, handler, "mining.submit");
    }

    /// <summary>Decides on <c>mining.configure</c> in place of the built-in answer.</summary>
    /// <exception cref="InvalidOperationException">There is a handler already.</exception>
    public void OnConfigure(Func<StratumSession, ConfigureRequest, ValueTask<ConfigureResult>> handler) =>
        Register(ref _onConfigure, handler, "mining.configure");

    /// <summary>
    /// Decides on a miner's wish for a difficulty (<c>mining.suggest_difficulty</c>, <c>mining.suggest_target</c>):
    /// the one it gets, or null for no change. The miner is answered <c>true</c> in any case.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is a handler already.</exception>
    [OverloadResolutionPriority(1)]
    public void OnSuggestDifficulty(Func<StratumSession, Difficulty, Difficulty?> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        OnSuggestDifficulty((session, wish) => new ValueTask<Difficulty?>(handler(session, wish)));
    }

    /// <inheritdoc cref="OnSuggestDifficulty(Func{StratumSession, Difficulty, Difficulty?})"/>
    public void OnSuggestDifficulty(Func<StratumSession, Difficulty, ValueTask<Difficulty?>> handler) =>
        Register(ref _onSuggestDifficulty, handler, "mining.suggest_difficulty");

    /// <summary>
    /// Sees every request before its method's handler, where its bytes arrived, and may answer it, reject it or pass
    /// it on. Copy what you keep: the request lives on the stack. A submit that it answers itself is looked at for a block
    /// all the same, but that answer does not wait for the handlers of <see cref="BlockFound"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is a handler already.</exception>
    public void OnRequest(RequestFilter handler) => Register(ref _onRequest, handler, "every request");

    /// <summary>
    /// Answers a method of your own. The handler takes the session, if it likes, and then one parameter for each
    /// element of the request's <c>params</c>, or for each member of that name; it returns a value, a
    /// <see cref="Task{TResult}"/> or a <see cref="ValueTask{TResult}"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is a handler for that method already.</exception>
    [RequiresUnreferencedCode("Parameters and result are converted by reflection; use the overload with JsonTypeInfo.")]
    [RequiresDynamicCode("Parameters and result are converted by reflection; use the overload with JsonTypeInfo.")]
    public void Map(string method, Delegate handler) => Options.Methods.Map(method, handler);

    /// <summary>Answers a method of your own whose whole <c>params</c> is one value, without reflection.</summary>
    /// <exception cref="InvalidOperationException">There is a handler for that method already.</exception>
    public void Map<TParams, TResult>(string method, Func<StratumSession, TParams, TResult> handler,
        JsonTypeInfo<TParams> parameters, JsonTypeInfo<TResult> result) =>
        Options.Methods.Map(method, handler, parameters, result);

    /// <inheritdoc cref="Map{TParams, TResult}(string, Func{StratumSession, TParams, TResult}, JsonTypeInfo{TParams}, JsonTypeInfo{TResult})"/>
    [OverloadResolutionPriority(1)]
    public void Map<TParams, TResult>(string method, Func<StratumSession, TParams, Task<TResult>> handler,
        JsonTypeInfo<TParams> parameters, JsonTypeInfo<TResult> result) =>
        Options.Methods.Map(method, handler, parameters, result);

    /// <inheritdoc cref="Map{TParams, TResult}(string, Func{StratumSession, TParams, TResult}, JsonTypeInfo{TParams}, JsonTypeInfo{TResult})"/>
    [OverloadResolutionPriority(2)]
    public void Map<TParams, TResult>(string method, Func<StratumSession, TParams, ValueTask<TResult>> handler,
        JsonTypeInfo<TParams> parameters, JsonTypeInfo<TResult> result) =>
        Options.Methods.Map(method, handler, parameters, result);

    /// <summary>
    /// The virtual twin of <see cref="OnSubscribe(Func{StratumSession, SubscribeRequest, Subscription})"/>; by default
    /// an extranonce1 of its own.
    /// </summary>
    protected internal virtual ValueTask<Subscription> SubscribeAsync(StratumSession session, SubscribeRequest request)
    {
        ArgumentNullException.ThrowIfNull(session);
        return _onSubscribe is { } handler
            ? handler(session, request)
            : new ValueTask<Subscription>(new Subscription(session.NextExtranonce1()));
    }

    /// <summary>
    /// The virtual twin of <see cref="OnAuthorize(Func{StratumSession, AuthorizeRequest, bool})"/>; by default everyone
    /// is let in.
    /// </summary>
    protected internal virtual ValueTask<bool> AuthorizeAsync(StratumSession session, AuthorizeRequest request) =>
        _onAuthorize is { } handler ? handler(session, request) : new ValueTask<bool>(true);

    /// <summary>The virtual twin of <see cref="OnConfigure"/>; by default BIP 310.</summary>
    protected internal virtual ValueTask<ConfigureResult> ConfigureAsync(StratumSession session, ConfigureRequest request)
    {
        ArgumentNullException.ThrowIfNull(session);
        return _onConfigure is { } handler ? handler(session, request) : new ValueTask<ConfigureResult>(session.Configure(request));
    }

    /// <summary>
    /// The virtual twin of <see cref="OnSuggestDifficulty(Func{StratumSession, Difficulty, Difficulty?})"/>; by default
    /// granted within the options' limits.
    /// </summary>
    protected internal virtual ValueTask<Difficulty?> SuggestDifficultyAsync(StratumSession session, Difficulty wish)
    {
        ArgumentNullException.ThrowIfNull(session);
        return _onSuggestDifficulty is { } handler ? handler(session, wish) : new ValueTask<Difficulty?>(session.Clamp(wish));
    }

    /// <summary>
    /// The virtual twin of <see cref="OnSubmit(Func{StratumSession, Submit, ShareResult})"/>; by default the verdict
    /// stands.
    /// </summary>
    protected internal virtual ValueTask<ShareResult> SubmitAsync(StratumSession session, Submit share)
    {
        if (_onSubmit is { } handler)
            return new ValueTask<ShareResult>(handler(session, share));
        return _onSubmitAsync is { } asynchronous
            ? asynchronous(session, share)
            : new ValueTask<ShareResult>(new ShareResult(share.Verdict));
    }

    /// <summary>
    /// A block was found: the virtual twin of <see cref="BlockFound"/>, which it raises. Called where the bytes
    /// arrived; the miner is answered when the task has ended, so that nobody hears of a block that is not in safety.
    /// </summary>
    protected internal virtual ValueTask BlockFoundAsync(BlockCandidate block) => RaiseAsync(BlockFound, block);

    internal bool TryGetMethod(ReadOnlySpan<byte> name, out JsonMethod<StratumSession> method) =>
        Options.Methods.TryGet(name, out method!);

    internal ValueTask<ShareResult> JudgeAsync(StratumSession session, in Submit submit)
    {
        Raise(ShareSubmitted, new ShareEvent(session, submit, submit.Verdict));
        try
        {
            var answer = SubmitAsync(session, submit);
            return answer.IsCompletedSuccessfully ? answer : GuardAsync(session, answer);
        }
        catch (Exception failure)
        {
            return new ValueTask<ShareResult>(Refusal(session, failure));
        }
    }

    private async ValueTask<ShareResult> GuardAsync(StratumSession session, ValueTask<ShareResult> answer)
    {
        try
        {
            return await answer.ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            return Refusal(session, failure);
        }
    }

    // A share that a handler refuses by throwing is a refused share: it is counted and told as every other.
    private ShareResult Refusal(StratumSession session, Exception failure)
    {
        if (failure is StratumException refusal)
            return ShareResult.Reject(refusal.Code, refusal.Message) with { RawData = refusal.RawData };
        if (failure is not OperationCanceledException || session.CloseReason is null)
            OnHandlerFailed(session, failure);
        return ShareResult.Reject(20, "Internal error");
    }

    /// <summary>Shows a request to the filter; true when that dealt with it.</summary>
    internal bool Intercept(StratumSession session, scoped in Message message, ReadOnlySpan<byte> id)
    {
        if (_onRequest is not { } filter)
            return false;
        var outcome = filter(session, new StratumRequest(message.Method, message.Params, id));
        return outcome.Apply(session, id);
    }

    private static void Register<T>(ref T? slot, T handler, string method)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(handler);
        if (Interlocked.CompareExchange(ref slot, handler, null) is not null)
            throw Twice(method);
    }

    private static InvalidOperationException Twice(string method) =>
        new($"A handler for {method} is registered already; there can be one. Combine them in one function.");
}
