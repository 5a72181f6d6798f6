using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Stratum.Mining;

/// <summary>The rounds of SHA-256 in every word of a vector.</summary>
internal static unsafe class Sha256Vectors<TVector, TLanes>
    where TVector : unmanaged
    where TLanes : struct, ILanes<TVector>
{
    /// <summary>64 rounds, or 61. After 61 only e, at index 4, is right.</summary>
    /// <param name="state">Eight vectors; what was there before is not added.</param>
    /// <param name="words">The 16 vectors of the block.</param>
    /// <param name="rounds">64 or 61.</param>
    public static void Rounds(TVector* state, TVector* words, int rounds)
    {
        var a = state[0];
        var b = state[1];
        var c = state[2];
        var d = state[3];
        var e = state[4];
        var f = state[5];
        var g = state[6];
        var h = state[7];
        var w0 = words[0];
        var w1 = words[1];
        var w2 = words[2];
        var w3 = words[3];
        var w4 = words[4];
        var w5 = words[5];
        var w6 = words[6];
        var w7 = words[7];
        var w8 = words[8];
        var w9 = words[9];
        var w10 = words[10];
        var w11 = words[11];
        var w12 = words[12];
        var w13 = words[13];
        var w14 = words[14];
        var w15 = words[15];
        for (var t = 0; ; t += 16)
        {
            Round(a, b, c, ref d, e, f, g, ref h, w0, t);
            Round(h, a, b, ref c, d, e, f, ref g, w1, t + 1);
            Round(g, h, a, ref b, c, d, e, ref f, w2, t + 2);
            Round(f, g, h, ref a, b, c, d, ref e, w3, t + 3);
            Round(e, f, g, ref h, a, b, c, ref d, w4, t + 4);
            Round(d, e, f, ref g, h, a, b, ref c, w5, t + 5);
            Round(c, d, e, ref f, g, h, a, ref b, w6, t + 6);
            Round(b, c, d, ref e, f, g, h, ref a, w7, t + 7);
            Round(a, b, c, ref d, e, f, g, ref h, w8, t + 8);
            Round(h, a, b, ref c, d, e, f, ref g, w9, t + 9);
            Round(g, h, a, ref b, c, d, e, ref f, w10, t + 10);
            Round(f, g, h, ref a, b, c, d, ref e, w11, t + 11);
            Round(e, f, g, ref h, a, b, c, ref d, w12, t + 12);
            if (t + 13 == rounds)
                break;
            Round(d, e, f, ref g, h, a, b, ref c, w13, t + 13);
            Round(c, d, e, ref f, g, h, a, ref b, w14, t + 14);
            Round(b, c, d, ref e, f, g, h, ref a, w15, t + 15);
            if (t == 48)
                break;
            w0 = Next(w0, w1, w9, w14);
            w1 = Next(w1, w2, w10, w15);
            w2 = Next(w2, w3, w11, w0);
            w3 = Next(w3, w4, w12, w1);
            w4 = Next(w4, w5, w13, w2);
            w5 = Next(w5, w6, w14, w3);
            w6 = Next(w6, w7, w15, w4);
            w7 = Next(w7, w8, w0, w5);
            w8 = Next(w8, w9, w1, w6);
            w9 = Next(w9, w10, w2, w7);
            w10 = Next(w10, w11, w3, w8);
            w11 = Next(w11, w12, w4, w9);
            w12 = Next(w12, w13, w5, w10);
            w13 = Next(w13, w14, w6, w11);
            w14 = Next(w14, w15, w7, w12);
            w15 = Next(w15, w0, w8, w13);
        }
        if (rounds == 61)
        {
            state[4] = h;
            return;
        }
        state[0] = a;
        state[1] = b;
        state[2] = c;
        state[3] = d;
        state[4] = e;
        state[5] = f;
        state[6] = g;
        state[7] = h;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(
        TVector a, TVector b, TVector c, ref TVector d,
        TVector e, TVector f, TVector g, ref TVector h, TVector w, int t)
    {
        var constant = TLanes.Create(Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Sha256Constants.Rounds), t));
        var one = TLanes.Add(
            TLanes.Add(TLanes.Add(h, TLanes.Add(w, constant)), TLanes.Choose(e, f, g)),
            TLanes.Xor(TLanes.RotateRight(e, 6), TLanes.RotateRight(e, 11), TLanes.RotateRight(e, 25)));
        d = TLanes.Add(d, one);
        h = TLanes.Add(
            TLanes.Add(one, TLanes.Majority(a, b, c)),
            TLanes.Xor(TLanes.RotateRight(a, 2), TLanes.RotateRight(a, 13), TLanes.RotateRight(a, 22)));
    }

    /// <summary>The word 16 behind the first, of those 0, 1, 9 and 14 behind it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Next(TVector w0, TVector w1, TVector w9, TVector w14)
    {
        var early = TLanes.Xor(TLanes.RotateRight(w1, 7), TLanes.RotateRight(w1, 18), TLanes.ShiftRight(w1, 3));
        var late = TLanes.Xor(TLanes.RotateRight(w14, 17), TLanes.RotateRight(w14, 19), TLanes.ShiftRight(w14, 10));
        return TLanes.Add(TLanes.Add(w0, early), TLanes.Add(w9, late));
    }
}
