namespace Stratum.Mining;

/// <summary>Hashes of a header for many nonces side by side. Has no state.</summary>
internal interface ISha256dKernel
{
    /// <summary>For the start line.</summary>
    string Name { get; }

    /// <summary>Nonces at a time, at most 32.</summary>
    int Lanes { get; }

    /// <summary>Whether it runs here.</summary>
    bool IsSupported { get; }

    /// <summary>
    /// A bit for each of <see cref="Lanes"/> nonces from the first on (wrapping) whose hash has top 32 bits not above
    /// the limit; the first nonce is bit 0.
    /// </summary>
    uint Candidates(in Sha256dWork work, uint first, uint limit);
}
