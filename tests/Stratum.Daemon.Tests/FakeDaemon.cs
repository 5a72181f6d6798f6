using System.Text.Json.Nodes;
using Stratum.Mining;
using Stratum.Testing;

namespace Stratum.Daemon.Tests;

/// <summary>A coin daemon made of replies: a chain of bare tips, a long poll that waits for the next one, and a mood
/// that answers instead of it while there is one.</summary>
internal sealed class FakeDaemon : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly RawHttpServer _server;
    private readonly List<RawHttpRequest> _requests = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _thaw;
    private int _version;
    private int _branch;

    public FakeDaemon(int port = 0) => _server = new RawHttpServer(AnswerAsync, port);

    /// <summary>Answers every call while it gives something.</summary>
    public Func<RawHttpRequest, RawHttpReply?> Mood { get; set; } = _ => null;

    public string Chain { get; init; } = "regtest";

    /// <summary>Id of block 0; null: getblockhash is not known.</summary>
    public string? Genesis { get; init; } = Coin.Litecoin.GetNetwork("regtest").GenesisHash!.Value.ToString();

    public int Peers { get; set; } = 1;

    /// <summary>Each answer but a long poll's takes one of it.</summary>
    public SemaphoreSlim? Gate { get; init; }

    /// <summary>What getblocktemplate gives.</summary>
    public string TemplateText
    {
        get
        {
            lock (_gate)
            {
                return Template();
            }
        }
    }

    /// <summary>True: nothing is answered until it is false again, as by a process that was stopped.</summary>
    public bool Frozen
    {
        set
        {
            TaskCompletionSource? over = null;
            lock (_gate)
            {
                if (value)
                {
                    _thaw ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                }
                else
                {
                    over = _thaw;
                    _thaw = null;
                }
            }

            over?.SetResult();
        }
    }

    public bool OffersLongPoll { get; init; } = true;

    /// <summary>False: a long poll is answered at once, as by a daemon that does not know the parameter.</summary>
    public bool LongPollWaits { get; init; } = true;

    /// <summary>True: long polls are never answered.</summary>
    public bool LongPollHangs { get; init; }

    public int Height { get; private set; } = 102;

    public long CoinbaseValue { get; private set; } = 2_500_000_000;

    public Uri Url => _server.Url;

    public int Port => _server.Port;

    public IReadOnlyList<RawHttpRequest> Requests
    {
        get
        {
            lock (_gate)
            {
                return [.. _requests];
            }
        }
    }

    public IReadOnlyList<RawHttpRequest> LongPolls => [.. Requests.Where(IsLongPoll)];

    public string BestBlock => Tip(Height, _branch);

    public static string Tip(int height, int branch = 0) => (((long)branch << 32) + height - 1).ToString("x64");

    public static bool IsLongPoll(RawHttpRequest request) =>
        request.Method == "getblocktemplate" && request.Params[0]!["longpollid"] is not null;

    public void NewBlock() => Change(() => Height++);

    /// <summary>Another tip of the same height.</summary>
    public void Reorganize() => Change(() => _branch++);

    /// <summary>The block before the tip is the tip again.</summary>
    public void GoBack() => Change(() => Height--);

    /// <summary>Another height on the same branch.</summary>
    public void SetHeight(int height) => Change(() => Height = height);

    public void NewTransactions() => Change(() => CoinbaseValue++);

    public async Task UntilAsync(Func<FakeDaemon, bool> condition)
    {
        while (!condition(this))
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private void Change(Action change)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            change();
            _version++;
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.SetResult();
    }

    public async Task<RawHttpReply> AnswerAsync(RawHttpRequest request, CancellationToken cancellationToken)
    {
        Task changed;
        Task? thaw;
        bool news;
        lock (_gate)
        {
            _requests.Add(request);
            changed = _changed.Task;
            thaw = _thaw?.Task;
            news = IsLongPoll(request) && (string?)request.Params[0]!["longpollid"] != LongPollId;
        }

        if (thaw is not null)
        {
            await thaw.WaitAsync(cancellationToken);
        }

        if (Gate is not null && !IsLongPoll(request))
        {
            await Gate.WaitAsync(cancellationToken);
        }

        if (IsLongPoll(request) && LongPollHangs)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        if (Mood(request) is { } reply)
        {
            return reply;
        }

        if (IsLongPoll(request) && LongPollWaits && !news)
        {
            await changed.WaitAsync(cancellationToken);
            lock (_gate)
            {
                thaw = _thaw?.Task;
            }

            if (thaw is not null)
            {
                await thaw.WaitAsync(cancellationToken);
            }

            if (Mood(request) is { } later)
            {
                return later;
            }
        }

        lock (_gate)
        {
            return request.Method switch
            {
                "getblockchaininfo" => RawHttpReply.Result(
                    $$"""
                    {"chain":"{{Chain}}","blocks":{{Height - 1}},"bestblockhash":"{{BestBlock}}",
                    "initialblockdownload":false,"verificationprogress":0.537}
                    """),
                "getnetworkinfo" => RawHttpReply.Result(
                    $$"""{"connections":{{Peers}},"subversion":"/FakeCore:1.2.3/"}"""),
                "getblockhash" when Genesis is not null => RawHttpReply.Result($"\"{Genesis}\""),
                "getbestblockhash" => RawHttpReply.Result($"\"{BestBlock}\""),
                "getblocktemplate" => RawHttpReply.Result(Template()),
                _ => RawHttpReply.Error(-32601, "Method not found", 404),
            };
        }
    }

    private string LongPollId => BestBlock + _version;

    private string Template()
    {
        var template = new JsonObject
        {
            ["version"] = 0x20000000, ["rules"] = new JsonArray("csv"), ["previousblockhash"] = BestBlock,
            ["transactions"] = new JsonArray(), ["coinbaseaux"] = new JsonObject(), ["coinbasevalue"] = CoinbaseValue,
            ["mintime"] = 1_795_327_223, ["curtime"] = 1_795_327_246, ["bits"] = "207fffff", ["height"] = Height,
        };
        if (OffersLongPoll)
        {
            template["longpollid"] = LongPollId;
        }

        return template.ToJsonString();
    }
}
