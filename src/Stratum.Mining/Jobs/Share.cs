namespace Stratum.Mining;

/// <summary>A submitted share and all that its judgement depends on. Lives on the stack.</summary>
public readonly ref struct Share
{
    /// <summary>Who gets the credit of an honest share, and what it was sent; null before subscribing.</summary>
    public Subscription? Subscription { get; init; }

    /// <summary>Whether all fields could be read; false: <see cref="ShareVerdict.Malformed"/>.</summary>
    public bool Readable { get; init; }

    /// <summary>The bytes of the job id.</summary>
    public ReadOnlySpan<byte> JobId { get; init; }

    /// <summary>The miner's part of the coinbase.</summary>
    public Extranonce Extranonce2 { get; init; }

    /// <summary>Block time, seconds since 1970.</summary>
    public uint Time { get; init; }

    /// <summary>The nonce as a number.</summary>
    public uint Nonce { get; init; }

    /// <summary>The sixth parameter: the rolled version bits; 0 when absent.</summary>
    public uint VersionBits { get; init; }

    /// <summary>The mask that was negotiated with this miner; 0 without version rolling.</summary>
    public uint VersionMask { get; init; }

    /// <summary>Whether the worker may mine here.</summary>
    public bool Authorized { get; init; }

    /// <summary>The previous block that is being built on now.</summary>
    public Hash256 Tip { get; init; }

    /// <summary>Seconds since 1970.</summary>
    public long Now { get; init; }
}
