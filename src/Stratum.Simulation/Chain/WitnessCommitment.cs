using Stratum.Mining;

namespace Stratum.Simulation;

/// <summary>The hash over all witnesses that a coinbase commits to (BIP 141).</summary>
internal static class WitnessCommitment
{
    /// <summary>sha256d of the witness hashes' merkle root (the coinbase's is zero) and the reserved value.</summary>
    public static byte[] Hash(IEnumerable<Hash256> witnessHashes, ReadOnlySpan<byte> reserved)
    {
        var root = MerkleBranch.RootOf([Hash256.Zero, .. witnessHashes]);
        return Sha256d.Hash((ReadOnlySpan<byte>)[.. root.ToArray(), .. reserved]).ToArray();
    }

    /// <summary>The output script of a template's <c>default_witness_commitment</c>.</summary>
    public static byte[] Script(IEnumerable<Hash256> witnessHashes) =>
        [0x6a, 0x24, 0xaa, 0x21, 0xa9, 0xed, .. Hash(witnessHashes, Hash256.Zero.ToArray())];
}
