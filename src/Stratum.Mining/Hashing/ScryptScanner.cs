using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Stratum.Mining;

/// <summary>As many nonces at a time as the kernel has lanes.</summary>
internal sealed unsafe class ScryptScanner(IScryptKernel kernel) : NonceScanner(kernel.Name)
{
    private readonly ScryptMemory _memory = new(kernel.Lanes);

    private protected override bool Scan(
        ReadOnlySpan<byte> header, uint start, ulong end, in Target target, out uint nonce)
    {
        Span<byte> whole = stackalloc byte[BlockHeader.Size];
        header.CopyTo(whole);
        for (var first = (ulong)start; first < end; first += (uint)kernel.Lanes)
        {
            for (var lane = 0; lane < kernel.Lanes; lane++)
                Begin(whole, (uint)first, lane);
            kernel.Mix(_memory);
            for (var lane = 0; lane < kernel.Lanes && first + (uint)lane < end; lane++)
            {
                if (!target.IsMetBy(End(whole, (uint)first, lane)))
                    continue;
                nonce = (uint)first + (uint)lane;
                return true;
            }
        }
        nonce = 0;
        return false;
    }

    [SkipLocalsInit]
    private void Begin(Span<byte> header, uint first, int lane)
    {
        Span<uint> block = stackalloc uint[ScryptMemory.RowWords];
        Unsafe.SkipInit(out ScryptKdf kdf);
        Password(header, first, lane, ref kdf);
        kdf.Derive(header, MemoryMarshal.AsBytes(block));
        ScryptBlock.ToDiagonals(block, Mixed(lane));
    }

    // The password's part is computed again: keeping it for each lane would cost more memory than time.
    [SkipLocalsInit]
    private Hash256 End(Span<byte> header, uint first, int lane)
    {
        Span<uint> block = stackalloc uint[ScryptMemory.RowWords];
        Span<byte> hash = stackalloc byte[32];
        Unsafe.SkipInit(out ScryptKdf kdf);
        Password(header, first, lane, ref kdf);
        ScryptBlock.FromDiagonals(Mixed(lane), block);
        kdf.Derive(MemoryMarshal.AsBytes(block), hash);
        return new Hash256(hash);
    }

    private static void Password(Span<byte> header, uint first, int lane, scoped ref ScryptKdf kdf)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(header[76..], first + (uint)lane);
        kdf.Start(header, Libcrypto.IsPresent);
    }

    private Span<uint> Mixed(int lane) => new(_memory.Blocks + lane * ScryptMemory.RowWords, ScryptMemory.RowWords);
}
