namespace Stratum.Mining;

/// <summary>scrypt's mixing for one or several hashes side by side, at most 4.</summary>
internal interface IScryptKernel : IHashKernel
{
    /// <summary>Mixes <see cref="ScryptMemory.Blocks"/> in place: 32 words a hash, in diagonal order.</summary>
    void Mix(ScryptMemory memory);
}
