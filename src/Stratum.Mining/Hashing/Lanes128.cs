using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Stratum.Mining;

/// <summary>4 words side by side.</summary>
internal readonly struct Lanes128 : ILanes<Vector128<uint>>
{
    public static int Count => 4;

    public static int Quads => 1;

    public static bool IsSupported => Vector128.IsHardwareAccelerated;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Create(uint word) => Vector128.Create(word);

    public static Vector128<uint> Sequence(uint first) => Vector128.CreateSequence(first, 1u);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Add(Vector128<uint> a, Vector128<uint> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Xor(Vector128<uint> a, Vector128<uint> b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Xor(Vector128<uint> a, Vector128<uint> b, Vector128<uint> c) =>
        Avx512F.VL.IsSupported
        ? Avx512F.VL.TernaryLogic(a, b, c, 0x96)
        : a ^ b ^ c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Choose(Vector128<uint> a, Vector128<uint> b, Vector128<uint> c) =>
        Avx512F.VL.IsSupported
        ? Avx512F.VL.TernaryLogic(a, b, c, 0xCA)
        : c ^ (a & (b ^ c));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Majority(Vector128<uint> a, Vector128<uint> b, Vector128<uint> c) =>
        Avx512F.VL.IsSupported
        ? Avx512F.VL.TernaryLogic(a, b, c, 0xE8)
        : (a & b) | (c & (a | b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> RotateRight(
        Vector128<uint> a, [ConstantExpected(Min = 1, Max = 31)] byte bits) => Avx512F.VL.IsSupported
        ? Avx512F.VL.RotateRight(a, bits)
        : (a >>> bits) | (a << (32 - bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> ShiftRight(
        Vector128<uint> a, [ConstantExpected(Min = 1, Max = 31)] byte bits) => a >>> bits;

    public static uint ReversedAtMost(Vector128<uint> a, uint limit)
    {
        var odd = Vector128.Create(0x00ff00ffu);
        var reversed = (RotateRight(a, 24) & odd) | (RotateRight(a, 8) & ~odd);
        return (uint)Vector128.LessThanOrEqual(reversed, Vector128.Create(limit)).ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> TurnLeft(Vector128<uint> a) =>
        Vector128.Shuffle(a, Vector128.Create(1u, 2, 3, 0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> TurnHalf(Vector128<uint> a) =>
        Vector128.Shuffle(a, Vector128.Create(2u, 3, 0, 1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> TurnRight(Vector128<uint> a) =>
        Vector128.Shuffle(a, Vector128.Create(3u, 0, 1, 2));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector128<uint> Gather(uint** rows, int offset) => Vector128.Load(rows[0] + offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Scatter(Vector128<uint> a, uint* first, nint stride) => a.Store(first);
}
