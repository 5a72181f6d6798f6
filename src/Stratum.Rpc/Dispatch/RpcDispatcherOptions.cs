using Microsoft.Extensions.Logging;

namespace Stratum.Rpc;

/// <summary>What an <see cref="RpcDispatcher"/> lets in and how much of it.</summary>
public sealed record RpcDispatcherOptions
{
    /// <summary>SHA-256 of each password that is let in, in hex; see <see cref="RpcPassword"/>.</summary>
    /// <value>None: without <see cref="SecretHashes"/> too no password is asked for, and no parameter taken for one.
    /// </value>
    public IReadOnlyList<string> PasswordHashes { get; init; } = [];

    /// <summary>SHA-256 in hex of secrets that a program made, of 128 random bits or more: they let in as passwords do,
    /// and also from an address whose passwords are not looked at for a while.</summary>
    /// <value>None. Never a password that a person chose: these may be tried without a limit.</value>
    public IReadOnlyList<string> SecretHashes { get; init; } = [];

    /// <summary>Wrong passwords from one address within a minute; after them none is looked at until it is over.
    /// </summary>
    /// <value>10: a person mistypes a few times; a guesser gets 14,400 tries a day.</value>
    public int MaxWrongPasswords { get; init; } = 10;

    /// <summary>Calls in one batch.</summary>
    /// <value>100: more than any tool of a pool asks at once.</value>
    public int MaxBatch { get; init; } = 100;

    /// <summary>Bytes of a batch's answers after which its further calls are refused.</summary>
    /// <value>32 MiB: a list of 100,000 sessions has 25.</value>
    public int MaxBatchAnswer { get; init; } = 32 << 20;

    /// <summary>How long a method may take until its caller is told that there is no answer.</summary>
    /// <value>60 s: callers rarely wait longer (coin daemons 30 s).</value>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Answers calls that have no id and are not of version 2.0, with id null, as coin daemons do.</summary>
    /// <value>False: a call without an id is a notification.</value>
    public bool AnswersCallsWithoutId { get; init; }

    /// <summary>Refuses what could not be read as a call in the older form (<c>"result":null</c>, without
    /// <c>"jsonrpc"</c>), as coin daemons do.</summary>
    /// <value>False: the form of 2.0, as its specification wants it of a parse error and an invalid request.</value>
    public bool RefusesInOlderForm { get; init; }

    /// <summary>The clock of delays and time limits.</summary>
    /// <value>The system's.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Logs calls at Debug, without parameters and answers, and failures as warnings.</summary>
    /// <value>None.</value>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>How many passwords and secrets, not their hashes.</summary>
    public override string ToString() =>
        $"{PasswordHashes.Count} passwords, {SecretHashes.Count} secrets, batches of up to {MaxBatch} calls";

    internal void Validate()
    {
        if (PasswordHashes.Concat(SecretHashes).Any(hash => !RpcPassword.IsHash(hash)))
        {
            throw new ArgumentException(RpcPassword.WrongHash);
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxWrongPasswords);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxBatch);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxBatchAnswer);
        if (CallTimeout <= TimeSpan.Zero && CallTimeout != Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentException("CallTimeout must be positive or infinite.");
        }
    }
}
