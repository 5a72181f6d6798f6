using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Stratum.Mining;

/// <summary>
/// scrypt (RFC 7914) with N=1024, r=1, p=1 and the data as password and salt: Litecoin's proof of work. Each thread
/// that calls keeps 128 KiB of scratch memory; apart from that nothing is allocated.
/// </summary>
public static class Scrypt
{
    [ThreadStatic]
    private static ScryptMemory? t_memory;

    /// <summary>What computes it here, for the start line.</summary>
    public static string Implementation => ScryptKernels.Single.Name;

    /// <summary>Hashes into 32 bytes, in hash order.</summary>
    /// <param name="header">80 bytes of a header; any other length works too.</param>
    /// <param name="hash">Room for 32 bytes.</param>
    /// <exception cref="ArgumentException">No room for 32 bytes.</exception>
    public static void Hash(ReadOnlySpan<byte> header, Span<byte> hash) =>
        Hash(header, hash, ScryptKernels.Single, t_memory ??= new ScryptMemory(1), Libcrypto.IsPresent);

    [SkipLocalsInit]
    internal static unsafe void Hash(
        ReadOnlySpan<byte> data, Span<byte> hash, IScryptKernel kernel, ScryptMemory memory, bool native)
    {
        Span<uint> block = stackalloc uint[ScryptMemory.RowWords];
        var mixed = new Span<uint>(memory.Blocks, ScryptMemory.RowWords);
        Unsafe.SkipInit(out ScryptKdf kdf);
        kdf.Start(data, native);
        kdf.Derive(data, MemoryMarshal.AsBytes(block));
        ScryptBlock.ToDiagonals(block, mixed);
        kernel.Mix(memory);
        ScryptBlock.FromDiagonals(mixed, block);
        kdf.Derive(MemoryMarshal.AsBytes(block), hash[..32]);
    }
}
