using System.Buffers.Binary;
using System.Numerics;

namespace Stratum.Mining;

/// <summary>A kernel sifts by the top word; what passes is hashed whole.</summary>
internal sealed class Sha256dScanner(ISha256dKernel kernel) : NonceScanner(kernel.Name)
{
    private protected override bool Scan(
        ReadOnlySpan<byte> header, uint start, ulong end, in Target target, out uint nonce)
    {
        var work = Sha256dWork.Of(header);
        var limit = TopWord(target);
        Span<byte> whole = stackalloc byte[BlockHeader.Size];
        header.CopyTo(whole);
        for (var first = (ulong)start; first < end; first += (uint)kernel.Lanes)
        {
            var candidates = kernel.Candidates(work, (uint)first, limit);
            for (; candidates != 0; candidates &= candidates - 1)
            {
                var candidate = first + (uint)BitOperations.TrailingZeroCount(candidates);
                if (candidate >= end)
                    break;
                BinaryPrimitives.WriteUInt32LittleEndian(whole[76..], (uint)candidate);
                if (target.IsMetBy(Sha256d.Hash(whole)))
                {
                    nonce = (uint)candidate;
                    return true;
                }
            }
        }
        nonce = 0;
        return false;
    }
}
