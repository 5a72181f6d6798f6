namespace Stratum.Mining;

/// <summary>scrypt's mixing for one or several hashes side by side. Has no state.</summary>
internal interface IScryptKernel
{
    /// <summary>For the start line.</summary>
    string Name { get; }

    /// <summary>Hashes at a time, at most 4.</summary>
    int Lanes { get; }

    /// <summary>Whether it runs here.</summary>
    bool IsSupported { get; }

    /// <summary>Mixes <see cref="ScryptMemory.Blocks"/> in place: 32 words a hash, in diagonal order.</summary>
    void Mix(ScryptMemory memory);
}
