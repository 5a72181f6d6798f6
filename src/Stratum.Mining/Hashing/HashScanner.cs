using System.Buffers.Binary;

namespace Stratum.Mining;

/// <summary>One whole header after the other.</summary>
internal sealed class HashScanner(HashFunction proofOfWork) : NonceScanner("one hash at a time")
{
    private protected override bool Scan(
        ReadOnlySpan<byte> header, uint start, ulong end, in Target target, out uint nonce)
    {
        Span<byte> whole = stackalloc byte[BlockHeader.Size];
        Span<byte> hash = stackalloc byte[Hash256.Size];
        header.CopyTo(whole);
        for (ulong candidate = start; candidate < end; candidate++)
        {
            nonce = (uint)candidate;
            BinaryPrimitives.WriteUInt32LittleEndian(whole[76..], nonce);
            proofOfWork(whole, hash);
            if (target.IsMetBy(new Hash256(hash)))
                return true;
        }
        nonce = 0;
        return false;
    }
}
