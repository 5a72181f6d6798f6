namespace Stratum.Mining;

/// <summary>A hash in every 128 bits of a vector.</summary>
internal sealed unsafe class ScryptVectorKernel<TVector, TLanes> : IScryptKernel
    where TVector : unmanaged
    where TLanes : struct, ILanes<TVector>
{
    public string Name => Lanes == 1 ? "scrypt, vectors of 128 bits" : $"scrypt, {Lanes} at a time";

    public int Lanes => ScryptVectors<TVector, TLanes>.Hashes;

    public bool IsSupported => TLanes.IsSupported;

    public void Mix(ScryptMemory memory) => ScryptVectors<TVector, TLanes>.Mix(memory.Blocks, memory.Scratch);
}
