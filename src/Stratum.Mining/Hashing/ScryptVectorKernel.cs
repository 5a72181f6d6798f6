namespace Stratum.Mining;

/// <summary>A hash in every 128 bits of a vector.</summary>
internal sealed unsafe class ScryptVectorKernel<TVector, TQuads> : IScryptKernel
    where TVector : unmanaged
    where TQuads : struct, IQuads<TVector>
{
    public string Name => Lanes == 1 ? "scrypt, vectors of 128 bits" : $"scrypt, {Lanes} at a time";

    public int Lanes => ScryptVectors<TVector, TQuads>.Hashes;

    public bool IsSupported => TQuads.IsSupported;

    public string Strength => "the widest vectors here";

    public void Mix(ScryptMemory memory) => ScryptVectors<TVector, TQuads>.Mix(memory.Blocks, memory.Scratch);
}
