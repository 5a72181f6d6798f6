using System.Runtime.InteropServices;

namespace Stratum.Mining;

/// <summary>
/// The memory that scrypt fills, 128 KiB a hash, and behind it the 128 bytes a hash that are mixed. Pinned and on
/// cache lines of its own; one per thread or scanner.
/// </summary>
internal sealed unsafe class ScryptMemory
{
    /// <summary>N.</summary>
    public const int Rows = 1024;

    /// <summary>Words of a row: 128 x r bytes.</summary>
    public const int RowWords = 32;

    /// <summary>Words that a hash fills.</summary>
    public const int Words = Rows * RowWords;

    private const int LineBytes = 64;

    // The field keeps what the pointers point into.
    private readonly byte[] _bytes;

    public ScryptMemory(int hashes)
    {
        _bytes = GC.AllocateUninitializedArray<byte>(
            hashes * (Words + RowWords) * sizeof(uint) + LineBytes, pinned: true);
        var first = (nint)Marshal.UnsafeAddrOfPinnedArrayElement(_bytes, 0);
        Scratch = (uint*)(first + LineBytes - 1 & -LineBytes);
        Blocks = Scratch + hashes * Words;
    }

    public uint* Scratch { get; }

    public uint* Blocks { get; }
}
