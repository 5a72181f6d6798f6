using Microsoft.Extensions.Logging;
using Stratum.Mining;
using Stratum.Rpc;

namespace Stratum.Daemon;

/// <summary>One coin daemon: where it is, how it knows us, what it must be, and how patient we are with it.</summary>
public sealed record CoinDaemonOptions
{
    /// <summary>Its RPC server, <c>http://127.0.0.1:9332/</c>.</summary>
    /// <value>No default.</value>
    public required Uri Url { get; init; }

    /// <summary>Its cookie file (<c>.cookie</c> in its data folder; in <c>regtest/</c> below it on regtest).</summary>
    /// <value>None.</value>
    public string? CookieFile { get; init; }

    /// <summary>User name, where there is no cookie.</summary>
    /// <value>None.</value>
    public string? User { get; init; }

    /// <summary>File whose first line is the password.</summary>
    /// <value>None.</value>
    public string? PasswordFile { get; init; }

    /// <summary>The password itself, for programs that already hold it; it is never printed.</summary>
    /// <value>None.</value>
    public string? Password { get; init; }

    /// <summary>What it is called in output, where several are told apart.</summary>
    /// <value>None: host and port.</value>
    public string? Name { get; init; }

    /// <summary>What is mined; its rules go into every call for a template.</summary>
    /// <value>No default.</value>
    public required Coin Coin { get; init; }

    /// <summary>Which of the coin's networks; the daemon's own word must agree before anything is mined.</summary>
    /// <value>No default.</value>
    public required CoinNetwork Network { get; init; }

    /// <summary>What else hears of new blocks. Each says of any block whose hash it has that there is one.</summary>
    /// <value>None: the long poll sees a block within milliseconds.</value>
    public IReadOnlyList<IBlockSource> BlockSources { get; init; } = [];

    /// <summary>Whether templates are waited for in the daemon (BIP 22 long poll). Without it the tip is asked for every
    /// <see cref="PollInterval"/> behind <see cref="BlockSources"/>.</summary>
    /// <value>True: nothing to set up, and a block is seen within milliseconds. False where each of the daemon's RPC
    /// threads is needed: a long poll holds one.</value>
    public bool UseLongPoll { get; init; } = true;

    /// <summary>How long any call may take, long polls excepted.</summary>
    /// <value>60 s: a daemon that needs 30 s for each answer still gives work.</value>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a long poll may wait. The daemon answers at a new block, and after 60 s if transactions
    /// changed: on a quiet chain never.</summary>
    /// <value>Infinite. A long poll that we give up goes on in the daemon and holds one of its 4 threads until the
    /// next block: four of them, and it answers nobody. A daemon that is gone is noticed by TCP keep-alive and by
    /// <see cref="TipCheckInterval"/>.</value>
    public TimeSpan LongPollTimeout { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>How often the tip is asked for beside a long poll.</summary>
    /// <value>5 s: how late a block is seen, and a dead daemon reported, when the long poll keeps silent.</value>
    public TimeSpan TipCheckInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A daemon that lets a question wait for so long is <see cref="DaemonState.Slow"/>; its answer is
    /// awaited for <see cref="CallTimeout"/> all the same.</summary>
    /// <value>10 s: a daemon is busy for a second or two with a new block. With <see cref="TipCheckInterval"/> a frozen
    /// one is noticed after 15 s.</value>
    public TimeSpan TipCheckTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the tip is asked for where there is no long poll, or none that waits.</summary>
    /// <value>1 s: a call costs the daemon 0.1 ms.</value>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The pace of templates on the same tip: so often one is fetched anew and given, changed or not. A new
    /// tip does not wait for it.</summary>
    /// <value>30 s: miners get the fees of new transactions, and a share's age stays small, at little traffic.</value>
    public TimeSpan JobInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often <see cref="CoinDaemon.Health"/> is asked for; infinite: never.</summary>
    /// <value>15 s: peers and clocks change slowly.</value>
    public TimeSpan HealthInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Pause after the first failure; it doubles up to <see cref="MaxRetryDelay"/>.</summary>
    /// <value>250 ms: a daemon's restart takes a few seconds at best.</value>
    public TimeSpan MinRetryDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Longest pause between two tries.</summary>
    /// <value>5 s.</value>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The clock of every timeout and pause.</summary>
    /// <value>The system's.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Changes of status at Information and Warning, calls at Debug.</summary>
    /// <value>None.</value>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>Coin, network and URL, without secrets.</summary>
    public override string ToString() => $"{Coin.Name} {Network.Name} at {ToRpc(CallTimeout)}";

    /// <summary>What a template is held against before it is given: null, or what is wrong with it.</summary>
    internal Func<BlockTemplate, Coin, string?> FindContradiction { get; init; } = TemplateCheck.FindContradiction;

    internal JsonRpcHttpClientOptions ToRpc(TimeSpan timeout) => new()
    {
        Url = Url,
        CookieFile = CookieFile,
        User = User,
        PasswordFile = PasswordFile,
        Password = Password,
        Timeout = timeout,
        TimeProvider = TimeProvider,
        LoggerFactory = LoggerFactory,
    };

    internal void Validate()
    {
        ReadOnlySpan<(string Name, TimeSpan Value)> all =
        [
            (nameof(TipCheckInterval), TipCheckInterval), (nameof(PollInterval), PollInterval),
            (nameof(JobInterval), JobInterval), (nameof(TipCheckTimeout), TipCheckTimeout),
            (nameof(MinRetryDelay), MinRetryDelay), (nameof(MaxRetryDelay), MaxRetryDelay),
        ];
        foreach ((string name, TimeSpan value) in all)
        {
            if (value <= TimeSpan.Zero)
            {
                throw new ArgumentException($"{name} must be positive.");
            }
        }

        if (HealthInterval <= TimeSpan.Zero && HealthInterval != Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentException("HealthInterval must be positive or infinite.");
        }

        if (MaxRetryDelay < MinRetryDelay)
        {
            throw new ArgumentException("MaxRetryDelay must not be below MinRetryDelay.");
        }
    }
}
