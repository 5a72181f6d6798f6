using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Stratum.Mining;

namespace Stratum.Protocol;

/// <summary>
/// The previous hash as V1 has it: header order with the bytes of every 32-bit word reversed, which is the display
/// hash with its eight groups of eight digits in reverse order.
/// </summary>
internal static class PreviousHash
{
    public static Hash256 Read(scoped ref ValueReader list, string must)
    {
        Span<byte> bytes = stackalloc byte[32];
        if (!WireText.TryReadHex(list.NextText(must), bytes))
        {
            list.Fail(must);
        }

        SwapWords(bytes);
        return new Hash256(bytes);
    }

    public static void Write(IBufferWriter<byte> writer, in Hash256 hash)
    {
        Span<byte> bytes = stackalloc byte[32];
        hash.CopyTo(bytes);
        SwapWords(bytes);
        writer.PutHex(bytes);
    }

    private static void SwapWords(Span<byte> bytes)
    {
        Span<uint> words = MemoryMarshal.Cast<byte, uint>(bytes);
        BinaryPrimitives.ReverseEndianness(words, words);
    }
}
