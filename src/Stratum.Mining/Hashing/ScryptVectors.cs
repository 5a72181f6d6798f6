using System.Runtime.CompilerServices;

namespace Stratum.Mining;

/// <summary>
/// scrypt's mixing with N=1024, r=1 in every 128 bits of a vector: one hash in a Vector128, four in a Vector512. The
/// four words of a vector are a diagonal of salsa20's square, so that its quarter rounds need no gathering.
/// </summary>
internal static unsafe class ScryptVectors<TVector, TLanes>
    where TVector : unmanaged
    where TLanes : struct, ILanes<TVector>
{
    private const uint LastRow = ScryptMemory.Rows - 1;

    /// <summary>Hashes at a time.</summary>
    public static int Hashes => TLanes.Count / 4;

    /// <summary>Mixes 32 words of each hash in place.</summary>
    /// <param name="blocks">32 words a hash, one hash behind the other, in diagonal order.</param>
    /// <param name="scratch">128 KiB a hash.</param>
    [SkipLocalsInit]
    public static void Mix(uint* blocks, uint* scratch)
    {
        var rows = stackalloc uint*[4];
        var words = stackalloc uint[16];
        for (var hash = 0; hash < Hashes; hash++)
            rows[hash] = blocks + hash * ScryptMemory.RowWords;
        TVector a0 = TLanes.Gather(rows, 0), a1 = TLanes.Gather(rows, 4);
        TVector a2 = TLanes.Gather(rows, 8), a3 = TLanes.Gather(rows, 12);
        TVector b0 = TLanes.Gather(rows, 16), b1 = TLanes.Gather(rows, 20);
        TVector b2 = TLanes.Gather(rows, 24), b3 = TLanes.Gather(rows, 28);
        for (var i = 0; i < ScryptMemory.Rows; i++)
        {
            var row = scratch + i * ScryptMemory.RowWords;
            TLanes.Scatter(a0, row, ScryptMemory.Words);
            TLanes.Scatter(a1, row + 4, ScryptMemory.Words);
            TLanes.Scatter(a2, row + 8, ScryptMemory.Words);
            TLanes.Scatter(a3, row + 12, ScryptMemory.Words);
            TLanes.Scatter(b0, row + 16, ScryptMemory.Words);
            TLanes.Scatter(b1, row + 20, ScryptMemory.Words);
            TLanes.Scatter(b2, row + 24, ScryptMemory.Words);
            TLanes.Scatter(b3, row + 28, ScryptMemory.Words);
            Salsa(ref a0, ref a1, ref a2, ref a3, b0, b1, b2, b3);
            Salsa(ref b0, ref b1, ref b2, ref b3, a0, a1, a2, a3);
        }
        for (var i = 0; i < ScryptMemory.Rows; i++)
        {
            *(TVector*)words = b0;
            for (var hash = 0; hash < Hashes; hash++)
                rows[hash] = scratch + hash * ScryptMemory.Words + (words[4 * hash] & LastRow) * ScryptMemory.RowWords;
            a0 = TLanes.Xor(a0, TLanes.Gather(rows, 0));
            a1 = TLanes.Xor(a1, TLanes.Gather(rows, 4));
            a2 = TLanes.Xor(a2, TLanes.Gather(rows, 8));
            a3 = TLanes.Xor(a3, TLanes.Gather(rows, 12));
            b0 = TLanes.Xor(b0, TLanes.Gather(rows, 16));
            b1 = TLanes.Xor(b1, TLanes.Gather(rows, 20));
            b2 = TLanes.Xor(b2, TLanes.Gather(rows, 24));
            b3 = TLanes.Xor(b3, TLanes.Gather(rows, 28));
            Salsa(ref a0, ref a1, ref a2, ref a3, b0, b1, b2, b3);
            Salsa(ref b0, ref b1, ref b2, ref b3, a0, a1, a2, a3);
        }
        TLanes.Scatter(a0, blocks, ScryptMemory.RowWords);
        TLanes.Scatter(a1, blocks + 4, ScryptMemory.RowWords);
        TLanes.Scatter(a2, blocks + 8, ScryptMemory.RowWords);
        TLanes.Scatter(a3, blocks + 12, ScryptMemory.RowWords);
        TLanes.Scatter(b0, blocks + 16, ScryptMemory.RowWords);
        TLanes.Scatter(b1, blocks + 20, ScryptMemory.RowWords);
        TLanes.Scatter(b2, blocks + 24, ScryptMemory.RowWords);
        TLanes.Scatter(b3, blocks + 28, ScryptMemory.RowWords);
    }

    /// <summary>x becomes salsa20/8 of x xor y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Salsa(
        ref TVector x0, ref TVector x1, ref TVector x2, ref TVector x3, TVector y0, TVector y1, TVector y2, TVector y3)
    {
        x0 = TLanes.Xor(x0, y0);
        x1 = TLanes.Xor(x1, y1);
        x2 = TLanes.Xor(x2, y2);
        x3 = TLanes.Xor(x3, y3);
        TVector s0 = x0, s1 = x1, s2 = x2, s3 = x3;
        for (var round = 0; round < 4; round++)
        {
            Quarters(ref s0, ref s1, ref s2, ref s3);
            (s1, s2, s3) = (TLanes.TurnRight(s1), TLanes.TurnHalf(s2), TLanes.TurnLeft(s3));
            Quarters(ref s0, ref s3, ref s2, ref s1);
            (s1, s2, s3) = (TLanes.TurnLeft(s1), TLanes.TurnHalf(s2), TLanes.TurnRight(s3));
        }
        x0 = TLanes.Add(x0, s0);
        x1 = TLanes.Add(x1, s1);
        x2 = TLanes.Add(x2, s2);
        x3 = TLanes.Add(x3, s3);
    }

    /// <summary>Four quarter rounds side by side. Rotations to the left by 7, 9, 13, 18 are written to the right.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quarters(ref TVector a, ref TVector b, ref TVector c, ref TVector d)
    {
        b = TLanes.Xor(b, TLanes.RotateRight(TLanes.Add(a, d), 32 - 7));
        c = TLanes.Xor(c, TLanes.RotateRight(TLanes.Add(b, a), 32 - 9));
        d = TLanes.Xor(d, TLanes.RotateRight(TLanes.Add(c, b), 32 - 13));
        a = TLanes.Xor(a, TLanes.RotateRight(TLanes.Add(d, c), 32 - 18));
    }
}
