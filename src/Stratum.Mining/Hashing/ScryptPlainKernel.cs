using System.Numerics;

namespace Stratum.Mining;

/// <summary>One hash, word by word: for processors without vectors, and what the vectors are checked against.</summary>
internal sealed unsafe class ScryptPlainKernel : IScryptKernel
{
    public string Name => "scrypt, plain";

    public int Lanes => 1;

    public bool IsSupported => true;

    public string Strength => "nothing else runs here and hashes right";

    public void Mix(ScryptMemory memory)
    {
        Span<uint> x = stackalloc uint[ScryptMemory.RowWords];
        var block = new Span<uint>(memory.Blocks, ScryptMemory.RowWords);
        var rows = new Span<uint>(memory.Scratch, ScryptMemory.Words);
        ScryptBlock.FromDiagonals(block, x);
        for (var i = 0; i < ScryptMemory.Rows; i++)
        {
            x.CopyTo(rows[(i * ScryptMemory.RowWords)..]);
            MixBlock(x);
        }
        for (var i = 0; i < ScryptMemory.Rows; i++)
        {
            var row = rows.Slice((int)(x[16] & (ScryptMemory.Rows - 1)) * ScryptMemory.RowWords, ScryptMemory.RowWords);
            for (var k = 0; k < row.Length; k++)
                x[k] ^= row[k];
            MixBlock(x);
        }
        ScryptBlock.ToDiagonals(x, block);
    }

    private static void MixBlock(Span<uint> x)
    {
        Salsa(x[..16], x[16..]);
        Salsa(x[16..], x[..16]);
    }

    private static void Salsa(Span<uint> b, ReadOnlySpan<uint> with)
    {
        Span<uint> x = stackalloc uint[16];
        for (var i = 0; i < 16; i++)
            x[i] = b[i] ^= with[i];
        for (var round = 0; round < 8; round += 2)
        {
            Quarter(x, 0, 4, 8, 12);
            Quarter(x, 5, 9, 13, 1);
            Quarter(x, 10, 14, 2, 6);
            Quarter(x, 15, 3, 7, 11);
            Quarter(x, 0, 1, 2, 3);
            Quarter(x, 5, 6, 7, 4);
            Quarter(x, 10, 11, 8, 9);
            Quarter(x, 15, 12, 13, 14);
        }
        for (var i = 0; i < 16; i++)
            b[i] += x[i];
    }

    private static void Quarter(Span<uint> x, int a, int b, int c, int d)
    {
        x[b] ^= BitOperations.RotateLeft(x[a] + x[d], 7);
        x[c] ^= BitOperations.RotateLeft(x[b] + x[a], 9);
        x[d] ^= BitOperations.RotateLeft(x[c] + x[b], 13);
        x[a] ^= BitOperations.RotateLeft(x[d] + x[c], 18);
    }
}
