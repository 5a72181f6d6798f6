namespace Stratum.Mining;

/// <summary>Hashes of a header for many nonces side by side, at most 32.</summary>
internal interface ISha256dKernel : IHashKernel
{
    /// <summary>
    /// A bit for each of <see cref="IHashKernel.Lanes"/> nonces from the first on (wrapping) whose hash has top 32 bits not
    /// above the limit; the first nonce is bit 0.
    /// </summary>
    uint Candidates(in Sha256dWork work, uint first, uint limit);
}
