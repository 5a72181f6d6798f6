namespace Stratum.Server;

/// <summary>
/// What a peer may take. Every value bounds something that a hostile, slow or dead peer would otherwise hold.
/// </summary>
public sealed class StratumServerLimits
{
    /// <summary>Longest line that is read, in bytes without the line feed; a longer one closes the session.</summary>
    /// <value>Default 16 KiB. Miners stay below 1 KiB (ckpool cuts there); the rest is room for proxies.</value>
    public int MaxLineLength { get; set; } = 16 * 1024;

    /// <summary>Malformed lines after which a session is closed; one alone is reported and ignored.</summary>
    /// <value>Default 10: firmware sends a broken line now and then, a scanner sends nothing else.</value>
    public int MaxMalformedLines { get; set; } = 10;

    /// <summary>
    /// Answers that may wait for one peer, in bytes. Beyond it the session is not read until it drains.
    /// </summary>
    /// <value>Default 1 MiB: the answers to 20,000 submits that were sent in one write.</value>
    public int MaxOutputBytes { get; set; } = 1024 * 1024;

    /// <summary>
    /// Memory for answers that wait, of all peers together, in bytes. While it is spent, a session is not read beyond
    /// 16 KiB of its own answers.
    /// </summary>
    /// <value>Default 256 MiB: without it 10,000 peers that ask and do not read would hold 10 GB.</value>
    public long MaxTotalOutputBytes { get; set; } = 256 * 1024 * 1024;

    /// <summary>How long a peer may leave its answers unread before the session is closed.</summary>
    /// <value>Default 30 s: a miner that reads nothing for that long mines work it does not know to be old.</value>
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a new connection may stay silent, or leave a TLS handshake unfinished.</summary>
    /// <value>Default 15 s, as btcpool and DATUM: every miner speaks first and at once.</value>
    public TimeSpan FirstBytesTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a session may take until its first successful authorize.</summary>
    /// <value>Default 60 s, as ckpool: cgminer waits up to 60 s for an answer of its own.</value>
    public TimeSpan AuthorizeTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long an authorized session may send nothing at all.</summary>
    /// <value>Default 1 h: a small miner at a high difficulty finds a share rarely; a dead peer is noticed by TCP
    /// before.</value>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a handler may take before its session is closed.</summary>
    /// <value>Default 30 s: less than a miner waits, more than any database.</value>
    public TimeSpan HandlerTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Sessions and unfinished connections in total; more are refused with RST.</summary>
    /// <value>Default 100,000; the open-files limit of the process usually comes first.</value>
    public int MaxConnections { get; set; } = 100_000;

    /// <summary>Connections from one address.</summary>
    /// <value>Default 10,000: farms stand behind one address, and a rental service comes from few.</value>
    public int MaxConnectionsPerAddress { get; set; } = 10_000;

    /// <summary>Workers that one session may authorize.</summary>
    /// <value>Default 1,024: proxies name each of their miners.</value>
    public int MaxWorkersPerSession { get; set; } = 1024;

    /// <summary>
    /// Longest worker name or user agent that is kept, in characters; longer names are refused, agents cut.
    /// </summary>
    /// <value>Default 256: the longest addresses with a worker name have about 100.</value>
    public int MaxNameLength { get; set; } = 256;

    /// <summary>How long a stop waits for answers to go out.</summary>
    /// <value>Default 5 s.</value>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(5);

    internal StratumServerLimits Copy() => (StratumServerLimits)MemberwiseClone();

    internal IEnumerable<string> Errors()
    {
        if (MaxLineLength < 512)
            yield return $"{nameof(MaxLineLength)} is {MaxLineLength}: miners send lines of up to 1024 bytes.";
        if (MaxOutputBytes < 4096)
            yield return $"{nameof(MaxOutputBytes)} is {MaxOutputBytes}: at least 4096 are needed.";
        if (MaxTotalOutputBytes < MaxOutputBytes)
            yield return $"{nameof(MaxTotalOutputBytes)} is {MaxTotalOutputBytes}: less than one session's {nameof(MaxOutputBytes)}.";
        if (MaxMalformedLines < 1)
            yield return $"{nameof(MaxMalformedLines)} is {MaxMalformedLines}: at least 1 is needed.";
        if (MaxConnections < 1 || MaxConnectionsPerAddress < 1 || MaxWorkersPerSession < 1)
            yield return "MaxConnections, MaxConnectionsPerAddress and MaxWorkersPerSession must be at least 1.";
        if (MaxNameLength < 1)
            yield return $"{nameof(MaxNameLength)} is {MaxNameLength}: at least 1 is needed.";
        foreach (var (name, value) in new[]
        {
            (nameof(WriteTimeout), WriteTimeout), (nameof(FirstBytesTimeout), FirstBytesTimeout),
            (nameof(AuthorizeTimeout), AuthorizeTimeout), (nameof(IdleTimeout), IdleTimeout),
            (nameof(HandlerTimeout), HandlerTimeout), (nameof(StopTimeout), StopTimeout),
        })
            if (value <= TimeSpan.Zero)
                yield return $"{name} is {value}: it must be longer than nothing.";
    }
}
