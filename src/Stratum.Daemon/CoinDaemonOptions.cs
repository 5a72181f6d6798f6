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

    /// <summary>What is mined; its rules go into every call for a template.</summary>
    /// <value>No default.</value>
    public required Coin Coin { get; init; }

    /// <summary>Which of the coin's networks; the daemon's own word must agree before anything is mined.</summary>
    /// <value>No default.</value>
    public required CoinNetwork Network { get; init; }

    /// <summary>How long any call may take, long polls excepted.</summary>
    /// <value>30 s, as in <see cref="JsonRpcHttpClientOptions.Timeout"/>.</value>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a long poll may wait. The daemon answers at a new block, and after 60 s if transactions
    /// changed: on a quiet chain never.</summary>
    /// <value>Infinite. A long poll that we give up goes on in the daemon and holds one of its 4 threads until the
    /// next block: four of them, and it answers nobody. A daemon that is gone is noticed by TCP keep-alive and by
    /// <see cref="TipCheckInterval"/>.</value>
    public TimeSpan LongPollTimeout { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>How often the tip is asked for beside a long poll.</summary>
    /// <value>5 s: how late a block is seen, and a dead daemon reported, when the long poll keeps silent.</value>
    public TimeSpan TipCheckInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the tip is asked for where there is no long poll, or none that waits.</summary>
    /// <value>1 s: a call costs the daemon 0.1 ms.</value>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>After this time a template is fetched anew though nothing is known to have changed.</summary>
    /// <value>60 s, the daemons' own pace for transactions; a template that stays older means a lost daemon.</value>
    public TimeSpan RefreshInterval { get; init; } = TimeSpan.FromSeconds(60);

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
            (nameof(RefreshInterval), RefreshInterval), (nameof(MinRetryDelay), MinRetryDelay),
            (nameof(MaxRetryDelay), MaxRetryDelay),
        ];
        foreach ((string name, TimeSpan value) in all)
        {
            if (value <= TimeSpan.Zero)
            {
                throw new ArgumentException($"{name} must be positive.");
            }
        }

        if (MaxRetryDelay < MinRetryDelay)
        {
            throw new ArgumentException("MaxRetryDelay must not be below MinRetryDelay.");
        }
    }
}
