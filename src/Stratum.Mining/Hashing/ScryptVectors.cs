using System.Runtime.CompilerServices;

namespace Stratum.Mining;

/// <summary>
/// scrypt's mixing with N=1024, r=1 in every 128 bits of a vector: one hash in a Vector128, four in a Vector512. The
/// four words of a vector are a diagonal of salsa20's square, so that its quarter rounds need no gathering.
/// </summary>
internal static unsafe class ScryptVectors<TVector, TQuads>
    where TVector : unmanaged
    where TQuads : struct, IQuads<TVector>
{
    private const uint LastRow = ScryptMemory.Rows - 1;

    /// <summary>Hashes at a time.</summary>
    public static int Hashes => TQuads.Quads;

    /// <summary>Mixes 32 words of each hash in place.</summary>
    /// <param name="blocks">32 words a hash, one hash behind the other, in diagonal order.</param>
    /// <param name="scratch">128 KiB a hash.</param>
    [SkipLocalsInit]
    public static void Mix(uint* blocks, uint* scratch)
    {
        var rows = stackalloc uint*[Hashes];
        var words = stackalloc uint[4 * Hashes];
        for (var hash = 0; hash < Hashes; hash++)
            rows[hash] = blocks + hash * ScryptMemory.RowWords;
        TVector a0 = TQuads.Gather(rows, 0), a1 = TQuads.Gather(rows, 4);
        TVector a2 = TQuads.Gather(rows, 8), a3 = TQuads.Gather(rows, 12);
        TVector b0 = TQuads.Gather(rows, 16), b1 = TQuads.Gather(rows, 20);
        TVector b2 = TQuads.Gather(rows, 24), b3 = TQuads.Gather(rows, 28);
        for (var i = 0; i < ScryptMemory.Rows; i++)
        {
            var row = scratch + i * ScryptMemory.RowWords;
            TQuads.Scatter(a0, row, ScryptMemory.Words);
            TQuads.Scatter(a1, row + 4, ScryptMemory.Words);
            TQuads.Scatter(a2, row + 8, ScryptMemory.Words);
            TQuads.Scatter(a3, row + 12, ScryptMemory.Words);
            TQuads.Scatter(b0, row + 16, ScryptMemory.Words);
            TQuads.Scatter(b1, row + 20, ScryptMemory.Words);
            TQuads.Scatter(b2, row + 24, ScryptMemory.Words);
            TQuads.Scatter(b3, row + 28, ScryptMemory.Words);
            Salsa(ref a0, ref a1, ref a2, ref a3, b0, b1, b2, b3);
            Salsa(ref b0, ref b1, ref b2, ref b3, a0, a1, a2, a3);
        }
        for (var i = 0; i < ScryptMemory.Rows; i++)
        {
            *(TVector*)words = b0;
            for (var hash = 0; hash < Hashes; hash++)
                rows[hash] = scratch + hash * ScryptMemory.Words + (words[4 * hash] & LastRow) * ScryptMemory.RowWords;
            a0 = TQuads.Xor(a0, TQuads.Gather(rows, 0));
            a1 = TQuads.Xor(a1, TQuads.Gather(rows, 4));
            a2 = TQuads.Xor(a2, TQuads.Gather(rows, 8));
            a3 = TQuads.Xor(a3, TQuads.Gather(rows, 12));
            b0 = TQuads.Xor(b0, TQuads.Gather(rows, 16));
            b1 = TQuads.Xor(b1, TQuads.Gather(rows, 20));
            b2 = TQuads.Xor(b2, TQuads.Gather(rows, 24));
            b3 = TQuads.Xor(b3, TQuads.Gather(rows, 28));
            Salsa(ref a0, ref a1, ref a2, ref a3, b0, b1, b2, b3);
            Salsa(ref b0, ref b1, ref b2, ref b3, a0, a1, a2, a3);
        }
        TQuads.Scatter(a0, blocks, ScryptMemory.RowWords);
        TQuads.Scatter(a1, blocks + 4, ScryptMemory.RowWords);
        TQuads.Scatter(a2, blocks + 8, ScryptMemory.RowWords);
        TQuads.Scatter(a3, blocks + 12, ScryptMemory.RowWords);
        TQuads.Scatter(b0, blocks + 16, ScryptMemory.RowWords);
        TQuads.Scatter(b1, blocks + 20, ScryptMemory.RowWords);
        TQuads.Scatter(b2, blocks + 24, ScryptMemory.RowWords);
        TQuads.Scatter(b3, blocks + 28, ScryptMemory.RowWords);
    }

    /// <summary>x becomes salsa20/8 of x xor y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Salsa(
        ref TVector x0, ref TVector x1, ref TVector x2, ref TVector x3, TVector y0, TVector y1, TVector y2, TVector y3)
    {
        x0 = TQuads.Xor(x0, y0);
        x1 = TQuads.Xor(x1, y1);
        x2 = TQuads.Xor(x2, y2);
        x3 = TQuads.Xor(x3, y3);
        TVector s0 = x0, s1 = x1, s2 = x2, s3 = x3;
        for (var round = 0; round < 4; round++)
        {
            Quarters(ref s0, ref s1, ref s2, ref s3);
            (s1, s2, s3) = (TQuads.TurnRight(s1), TQuads.TurnHalf(s2), TQuads.TurnLeft(s3));
            Quarters(ref s0, ref s3, ref s2, ref s1);
            (s1, s2, s3) = (TQuads.TurnLeft(s1), TQuads.TurnHalf(s2), TQuads.TurnRight(s3));
        }
        x0 = TQuads.Add(x0, s0);
        x1 = TQuads.Add(x1, s1);
        x2 = TQuads.Add(x2, s2);
        x3 = TQuads.Add(x3, s3);
    }

    /// <summary>Four quarter rounds side by side; they rotate left by 7, 9, 13 and 18.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quarters(ref TVector a, ref TVector b, ref TVector c, ref TVector d)
    {
        b = TQuads.Xor(b, TQuads.RotateRight(TQuads.Add(a, d), 32 - 7));
        c = TQuads.Xor(c, TQuads.RotateRight(TQuads.Add(b, a), 32 - 9));
        d = TQuads.Xor(d, TQuads.RotateRight(TQuads.Add(c, b), 32 - 13));
        a = TQuads.Xor(a, TQuads.RotateRight(TQuads.Add(d, c), 32 - 18));
    }
}
