using System.Diagnostics.CodeAnalysis;

namespace Stratum.Mining;

/// <summary>Vectors of 32-bit words, as SHA-256 needs them on top of what scrypt does.</summary>
/// <typeparam name="TVector">Vector128, 256 or 512 of uint.</typeparam>
internal interface ILanes<TVector> : IQuads<TVector> where TVector : unmanaged
{
    /// <summary>Words of a vector.</summary>
    static abstract int Count { get; }

    /// <summary>The same word everywhere.</summary>
    static abstract TVector Create(uint word);

    /// <summary>first, first + 1, ... wrapping.</summary>
    static abstract TVector Sequence(uint first);

    static abstract TVector Xor(TVector a, TVector b, TVector c);

    /// <summary>Bits of b where a has ones, else of c.</summary>
    static abstract TVector Choose(TVector a, TVector b, TVector c);

    /// <summary>Bits that two of three have.</summary>
    static abstract TVector Majority(TVector a, TVector b, TVector c);

    static abstract TVector ShiftRight(TVector a, [ConstantExpected(Min = 1, Max = 31)] byte bits);

    /// <summary>A bit for each word that is not above the limit when its bytes are reversed; lane 0 is bit 0.</summary>
    static abstract uint ReversedAtMost(TVector a, uint limit);
}
