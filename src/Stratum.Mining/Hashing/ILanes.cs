using System.Diagnostics.CodeAnalysis;

namespace Stratum.Mining;

/// <summary>
/// Vectors of 32-bit words, as the kernels need them: one source text for every width. Implementations are structs, so
/// that the compiler makes code for each of its own and calls nothing.
/// </summary>
/// <typeparam name="TVector">Vector128, 256 or 512 of uint.</typeparam>
internal interface ILanes<TVector> where TVector : unmanaged
{
    /// <summary>Words of a vector.</summary>
    static abstract int Count { get; }

    /// <summary>Whether the processor has them.</summary>
    static abstract bool IsSupported { get; }

    /// <summary>The same word everywhere.</summary>
    static abstract TVector Create(uint word);

    /// <summary>first, first + 1, ... wrapping.</summary>
    static abstract TVector Sequence(uint first);

    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Xor(TVector a, TVector b);

    static abstract TVector Xor(TVector a, TVector b, TVector c);

    /// <summary>Bits of b where a has ones, else of c.</summary>
    static abstract TVector Choose(TVector a, TVector b, TVector c);

    /// <summary>Bits that two of three have.</summary>
    static abstract TVector Majority(TVector a, TVector b, TVector c);

    static abstract TVector RotateRight(TVector a, [ConstantExpected(Min = 1, Max = 31)] byte bits);

    static abstract TVector ShiftRight(TVector a, [ConstantExpected(Min = 1, Max = 31)] byte bits);

    /// <summary>A bit for each word that is not above the limit when its bytes are reversed; lane 0 is bit 0.</summary>
    static abstract uint ReversedAtMost(TVector a, uint limit);

    /// <summary>Each 128 bits on their own: words 1, 2, 3, 0.</summary>
    static abstract TVector TurnLeft(TVector a);

    /// <summary>Each 128 bits on their own: words 2, 3, 0, 1.</summary>
    static abstract TVector TurnHalf(TVector a);

    /// <summary>Each 128 bits on their own: words 3, 0, 1, 2.</summary>
    static abstract TVector TurnRight(TVector a);

    /// <summary>Each 128 bits from an address of their own (Count / 4 of them), at the same offset.</summary>
    static abstract unsafe TVector Gather(uint** rows, int offset);

    /// <summary>The opposite: each 128 bits to base + lane x stride.</summary>
    static abstract unsafe void Scatter(TVector a, uint* first, nint stride);
}
