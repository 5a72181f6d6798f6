namespace Stratum.Server;

/// <summary>What a caller of an <see cref="RpcServer"/> may take.</summary>
public sealed class RpcServerLimits
{
    /// <summary>The longest message, in bytes.</summary>
    /// <value>Default 1 MiB: calls have a hundred bytes; the rest is room for procedures of your own.</value>
    public int MaxMessageBytes { get; set; } = 1024 * 1024;

    /// <summary>Memory for unfinished messages of all callers together, in bytes. While it is spent, a message that is
    /// longer than 16 KiB is refused.</summary>
    /// <value>Default 64 MiB: without it every connection could hold a whole message back.</value>
    public int MaxUnfinishedBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Calls in one batch.</summary>
    /// <value>Default 100: more than any tool of a pool asks at once.</value>
    public int MaxBatch { get; set; } = 100;

    /// <summary>Wrong passwords from one address within a minute; after them none is looked at until it is over.
    /// </summary>
    /// <value>Default 10: a person mistypes a few times; a guesser gets 14,400 tries a day.</value>
    public int MaxWrongPasswords { get; set; } = 10;

    /// <summary>Connections in total; more are refused with RST.</summary>
    /// <value>Default 4,096: a notify is gone within milliseconds, so even many daemons need few.</value>
    public int MaxConnections { get; set; } = 4096;

    /// <summary>Connections from one address.</summary>
    /// <value>Default 2,048: daemons and tools of one machine share 127.0.0.1, and one that goes wrong must leave room
    /// for the others.</value>
    public int MaxConnectionsPerAddress { get; set; } = 2048;

    /// <summary>How long a new connection may stay silent.</summary>
    /// <value>Default 15 s, as on the Stratum port.</value>
    public TimeSpan FirstBytesTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a message may take from its first byte to its last.</summary>
    /// <value>Default 15 s: 1 MiB in that time is a line of 0.6 Mbit/s.</value>
    public TimeSpan MessageTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a connection may be silent between two messages.</summary>
    /// <value>Default 2 min: longer than tools that ask once a minute.</value>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a method may take until its caller is told that there is no answer.</summary>
    /// <value>Default 60 s: callers rarely wait longer (coin daemons 30 s).</value>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a caller may leave its answer unread.</summary>
    /// <value>Default 30 s, as on the Stratum port.</value>
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a stop waits for calls that are under way.</summary>
    /// <value>Default 5 s, as on the Stratum port.</value>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(5);

    internal RpcServerLimits Copy() => (RpcServerLimits)MemberwiseClone();

    internal IEnumerable<string> Errors()
    {
        foreach (var (name, value) in new[]
        {
            (nameof(MaxBatch), MaxBatch), (nameof(MaxWrongPasswords), MaxWrongPasswords),
            (nameof(MaxConnections), MaxConnections), (nameof(MaxConnectionsPerAddress), MaxConnectionsPerAddress),
        })
            if (value < 1)
                yield return $"{name} is {value}: at least 1 is needed.";
        if (MaxMessageBytes < 1024)
            yield return $"{nameof(MaxMessageBytes)} is {MaxMessageBytes}: at least 1024 are needed.";
        if (MaxUnfinishedBytes < MaxMessageBytes)
            yield return $"{nameof(MaxUnfinishedBytes)} is {MaxUnfinishedBytes}: less than one message's {nameof(MaxMessageBytes)}.";
        foreach (var (name, value) in new[]
        {
            (nameof(FirstBytesTimeout), FirstBytesTimeout), (nameof(MessageTimeout), MessageTimeout),
            (nameof(IdleTimeout), IdleTimeout), (nameof(WriteTimeout), WriteTimeout), (nameof(StopTimeout), StopTimeout),
        })
            if (value <= TimeSpan.Zero)
                yield return $"{name} is {value}: it must be longer than nothing.";
        if (CallTimeout <= TimeSpan.Zero && CallTimeout != Timeout.InfiniteTimeSpan)
            yield return $"{nameof(CallTimeout)} is {CallTimeout}: it must be longer than nothing, or infinite.";
    }
}
