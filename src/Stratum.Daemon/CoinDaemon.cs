using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Stratum.Mining;
using Stratum.Rpc;

namespace Stratum.Daemon;

/// <summary>
/// One coin daemon: calls, templates as they change, blocks handed in. It neither starts nor stops the daemon, which
/// may come, go and come back; <see cref="Status"/> says how it is.
/// </summary>
public sealed class CoinDaemon : IAsyncDisposable
{
    private readonly JsonRpcHttpClient _calls;
    private readonly JsonRpcHttpClient _longPolls;
    private readonly CancellationTokenSource _closing = new();
    private readonly ILogger _logger;
    private readonly Announcements _announcements = new();
    private DaemonStatus _status;
    private DaemonHealth? _health;
    private int _feeding;

    /// <summary>Connects to nothing yet.</summary>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public CoinDaemon(CoinDaemonOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Options = options;
        _logger = GuardedLogger.Create(options.LoggerFactory, "Stratum.Daemon.CoinDaemon");
        _calls = new JsonRpcHttpClient(options.ToRpc(options.CallTimeout));
        // A connection of their own: whatever a long poll suffers, no other call waits for it. And a new one for each,
        // or a daemon that is told to stop answers the long poll and then waits for its idle connection to go.
        _longPolls = new JsonRpcHttpClient(options.ToRpc(options.LongPollTimeout) with { IdleTimeout = TimeSpan.Zero });
        _status = new DaemonStatus(DaemonState.Unknown, $"{Place} was not asked yet.");
    }

    /// <summary>Raised when <see cref="Status"/> became another one, never for the same again. Handlers run one after
    /// the other where the change was noticed; quick ones only.</summary>
    public event Action<DaemonStatus>? StatusChanged;

    /// <summary>Raised when the daemon said that its last template's tip is still the tip. Quick handlers only.</summary>
    public event Action<Hash256>? TipConfirmed;

    /// <summary>What it was made with.</summary>
    public CoinDaemonOptions Options { get; }

    /// <summary>How the daemon was when <see cref="TemplatesAsync"/> last heard of it.</summary>
    public DaemonStatus Status => Volatile.Read(ref _status);

    /// <summary>What it is called in output: <see cref="CoinDaemonOptions.Name"/>, or host and port.</summary>
    public string Name => Options.Name ?? Place;

    /// <summary>The last answer of <see cref="GetHealthAsync"/>, which is asked for every
    /// <see cref="CoinDaemonOptions.HealthInterval"/> while templates are enumerated; null before the first.</summary>
    public DaemonHealth? Health => Volatile.Read(ref _health);

    internal string Place => $"{Options.Url.Host}:{Options.Url.Port}";

    /// <summary>Any call; see <see cref="JsonRpcHttpClient.CallAsync"/>.</summary>
    /// <exception cref="RpcException">The daemon said no.</exception>
    /// <exception cref="RpcTransportException">There is no answer; whether the daemon acted is unknown.</exception>
    [OverloadResolutionPriority(1)]
    public Task<JsonElement> CallAsync(
        string method,
        JsonArray? parameters = null,
        TimeSpan? timeout = null,
        CancellationToken cancellationToken = default) =>
        _calls.CallAsync(method, parameters, timeout, cancellationToken);

    /// <summary>Any call, with its parameters by their names.</summary>
    /// <exception cref="RpcException">The daemon said no.</exception>
    /// <exception cref="RpcTransportException">There is no answer; whether the daemon acted is unknown.</exception>
    public Task<JsonElement> CallAsync(
        string method,
        JsonObject parameters,
        TimeSpan? timeout = null,
        CancellationToken cancellationToken = default) =>
        ((IRpcClient)_calls).CallAsync(method, parameters, timeout, cancellationToken);

    /// <summary>One template, by the coin's rules.</summary>
    /// <param name="longPollId">Null answers at once; a template's <see cref="BlockTemplate.LongPollId"/> waits, on a
    /// connection of its own, until there is something newer (BIP 22).</param>
    /// <param name="cancellationToken">Gives up waiting; a daemon's thread stays busy with an abandoned long poll.
    /// </param>
    /// <exception cref="RpcException">-28 starting, -10 downloading blocks, -9 no peers, -8 other rules needed.
    /// </exception>
    /// <exception cref="RpcTransportException">There is no answer.</exception>
    /// <exception cref="FormatException">The answer is no template; the text names the member.</exception>
    public async Task<BlockTemplate> GetTemplateAsync(
        string? longPollId = null, CancellationToken cancellationToken = default)
    {
        JsonObject request = TemplateRequest();
        JsonRpcHttpClient client = _calls;
        if (longPollId is not null)
        {
            request["longpollid"] = longPollId;
            client = _longPolls;
        }

        JsonElement answer = await client.CallAsync("getblocktemplate", [request], null, cancellationToken)
            .ConfigureAwait(false);
        return BlockTemplate.FromJson(answer);
    }

    /// <summary>Hands a block in. Null: accepted. Otherwise the daemon's word: <c>duplicate</c> (it has the block
    /// already, good or bad news depending on who sent it), <c>inconclusive</c> (valid, but not on the best chain),
    /// <c>high-hash</c>, <c>bad-txnmrklroot</c>...</summary>
    /// <param name="block">The whole block, as it goes over the p2p wire.</param>
    /// <param name="cancellationToken">Gives up waiting for the answer; the block may be in.</param>
    /// <exception cref="RpcException">-22: it cannot be read as a block. -28: the daemon is starting; ask again.
    /// </exception>
    /// <exception cref="RpcTransportException">Unknown whether the block is in: ask again.</exception>
    /// <exception cref="FormatException">Neither null nor a word: unknown, too.</exception>
    public async Task<string?> SubmitBlockAsync(
        ReadOnlyMemory<byte> block, CancellationToken cancellationToken = default) =>
        Word(await CallAsync("submitblock", [Convert.ToHexStringLower(block.Span)], null, cancellationToken)
            .ConfigureAwait(false));

    /// <summary>Asks what the daemon would say to a block, proof of work aside (BIP 23 proposal). Null: it would take
    /// it. Otherwise its word, as in <see cref="SubmitBlockAsync"/>.</summary>
    /// <param name="block">The whole block; its nonce does not matter.</param>
    /// <param name="cancellationToken">Gives up waiting for the answer.</param>
    /// <exception cref="RpcException">-22: it cannot be read as a block; or as in <see cref="GetTemplateAsync"/>.
    /// </exception>
    /// <exception cref="RpcTransportException">There is no answer.</exception>
    public async Task<string?> ProposeBlockAsync(
        ReadOnlyMemory<byte> block, CancellationToken cancellationToken = default)
    {
        JsonObject request = TemplateRequest();
        request["mode"] = "proposal";
        request["data"] = Convert.ToHexStringLower(block.Span);
        return Word(await CallAsync("getblocktemplate", [request], null, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Asks how the daemon is: height, peers, clock, software.</summary>
    /// <exception cref="RpcException">The daemon said no; -28: it is starting.</exception>
    /// <exception cref="RpcTransportException">There is no answer.</exception>
    /// <exception cref="FormatException">The answer is of another shape; the text names the member.</exception>
    public async Task<DaemonHealth> GetHealthAsync(CancellationToken cancellationToken = default)
    {
        DaemonHealth health = await HealthCall.AskAsync(_calls, cancellationToken).ConfigureAwait(false);
        Volatile.Write(ref _health, health);
        return health;
    }

    /// <summary>How deep a block is: 1 for the tip; -1 when the daemon knows it, but not in its best chain; null when
    /// it does not know it (-5), as after a restart that lost its last blocks.</summary>
    /// <exception cref="RpcException">The daemon said no; -28: it is starting.</exception>
    /// <exception cref="RpcTransportException">There is no answer.</exception>
    /// <exception cref="FormatException">The answer is of another shape.</exception>
    public Task<int?> GetConfirmationsAsync(Hash256 block, CancellationToken cancellationToken = default) =>
        ConfirmationsCall.AskAsync(_calls, block, cancellationToken);

    /// <summary>Whether a wallet that the daemon has loaded owns an address. Null: it has none, or cannot say.
    /// </summary>
    /// <exception cref="RpcException">-28: the daemon is starting.</exception>
    /// <exception cref="RpcTransportException">There is no answer.</exception>
    public Task<bool?> OwnsAddressAsync(string address, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(address);
        return OwnershipCall.AskAsync(Options, _calls, address, cancellationToken);
    }

    /// <summary>Says that there is a new block: <see cref="TemplatesAsync"/> looks at once, unless its template
    /// builds on that block already. From any thread; never waits.</summary>
    public void Announce(Hash256 block) => _announcements.Add(block);

    /// <summary>
    /// Work as it comes: a template as soon as the daemon has one, then one for every new tip at once (long poll,
    /// <see cref="Announce"/> and <see cref="CoinDaemonOptions.BlockSources"/>, with the tip asked for behind them),
    /// also when the daemon goes back a block; and one of the same tip every
    /// <see cref="CoinDaemonOptions.JobInterval"/>. It goes on only while it is enumerated: handle a template quickly.
    /// A daemon that is absent, starting or of the wrong chain is tried again with growing pauses, and
    /// <see cref="Status"/> says why there is no work. It ends when this object is disposed, and throws only when
    /// cancelled.
    /// </summary>
    /// <exception cref="InvalidOperationException">Another enumeration of this daemon is running.</exception>
    public async IAsyncEnumerable<BlockTemplate> TemplatesAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _feeding, 1) != 0)
        {
            throw new InvalidOperationException("TemplatesAsync is being enumerated already; share its templates.");
        }

        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
            var feed = new TemplateFeed(this, _announcements, _logger, Report, Confirm, either.Token);
            await using (feed.ConfigureAwait(false))
            await using (new SideTasks(this, _logger, cancellationToken, _closing.Token).ConfigureAwait(false))
            {
                while (await feed.NextOrEndAsync(_closing.Token, cancellationToken).ConfigureAwait(false) is { } next)
                {
                    yield return next;
                }
            }
        }
        finally
        {
            Volatile.Write(ref _feeding, 0);
        }
    }

    /// <summary>Ends <see cref="TemplatesAsync"/> and closes the connections. The daemon goes on.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        _calls.Dispose();
        _longPolls.Dispose();
    }

    private JsonObject TemplateRequest()
    {
        var rules = new JsonArray();
        foreach (string rule in Options.Coin.TemplateRules.Concat(Options.Network.TemplateRules))
        {
            rules.Add((JsonNode)rule);
        }

        return new JsonObject { ["rules"] = rules };
    }

    // What is no word is no refusal either: a block must not be given up for an answer that means nothing.
    private static string? Word(JsonElement answer) => answer.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => answer.GetString(),
        _ => throw new FormatException($"The answer to a block is {answer.ValueKind}: neither null nor a word."),
    };

    private void Report(DaemonStatus status)
    {
        // Only the one enumeration reports, so nobody comes between the comparison and the write.
        if (status == _status)
        {
            return;
        }

        Volatile.Write(ref _status, status);
        if (status.IsReady)
        {
            DaemonLog.Ready(_logger, status.Text);
        }
        else
        {
            DaemonLog.Waiting(_logger, status.Text);
        }

        Handlers.Raise(StatusChanged, status, _logger);
    }

    private void Confirm(Hash256 tip) => Handlers.Raise(TipConfirmed, tip, _logger);
}
