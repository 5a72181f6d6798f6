namespace Stratum.Server;

public partial class StratumServer
{
    /// <summary>
    /// Whether bytes of a miner lead to code that is not ours and did not promise to be quick: then sessions are served
    /// on the thread pool.
    /// </summary>
    internal bool CallsYourCode => Options.Handlers != HandlerScheduling.Inline && (IsSubclass || HasHandlers || HasListeners
        || Options.DifficultyPolicy is not null);

    private bool IsSubclass => GetType() != typeof(StratumServer);

    private bool HasHandlers => (_onSubscribe ?? _onAuthorize ?? _onConfigure ?? _onSuggestDifficulty ?? _onSubmit ?? _onSubmitAsync
        ?? (object?)_onRequest) is not null || !Options.Methods.IsEmpty;

    private bool HasListeners => (ShareAccepted ?? ShareRejected ?? ShareSubmitted ?? SessionOpened ?? SessionClosed ?? Busy ?? ProtocolError
        ?? WorkerAuthorized ?? (object?)BlockFound) is not null;
}
