using System.Diagnostics.CodeAnalysis;

namespace Stratum.Mining;

/// <summary>
/// Vectors of quads, 128 bits or four 32-bit words each, as scrypt needs them: one source text for every width.
/// Implementations are structs, so that the compiler makes code for each of its own and calls nothing.
/// </summary>
/// <typeparam name="TVector">Vector128, 256 or 512 of uint.</typeparam>
internal interface IQuads<TVector> where TVector : unmanaged
{
    /// <summary>Quads of a vector.</summary>
    static abstract int Quads { get; }

    /// <summary>Whether the processor has them.</summary>
    static abstract bool IsSupported { get; }

    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Xor(TVector a, TVector b);

    static abstract TVector RotateRight(TVector a, [ConstantExpected(Min = 1, Max = 31)] byte bits);

    /// <summary>Words 1, 2, 3, 0 of each quad.</summary>
    static abstract TVector TurnLeft(TVector a);

    /// <summary>Words 2, 3, 0, 1 of each quad.</summary>
    static abstract TVector TurnHalf(TVector a);

    /// <summary>Words 3, 0, 1, 2 of each quad.</summary>
    static abstract TVector TurnRight(TVector a);

    /// <summary>Each quad from a row of its own, all at the same offset in words.</summary>
    static abstract unsafe TVector Gather(uint** rows, int offset);

    /// <summary>The first quad to an address, each further one so many words behind the one before.</summary>
    static abstract unsafe void Scatter(TVector a, uint* first, nint stride);
}
