using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Stratum.Mining;

/// <summary>8 words side by side.</summary>
internal readonly struct Lanes256 : ILanes<Vector256<uint>>
{
    public static int Count => 8;

    public static int Quads => 2;

    public static bool IsSupported => Vector256.IsHardwareAccelerated;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Create(uint word) => Vector256.Create(word);

    public static Vector256<uint> Sequence(uint first) => Vector256.CreateSequence(first, 1u);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Add(Vector256<uint> a, Vector256<uint> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Xor(Vector256<uint> a, Vector256<uint> b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Xor(Vector256<uint> a, Vector256<uint> b, Vector256<uint> c) =>
        Avx512F.VL.IsSupported
        ? Avx512F.VL.TernaryLogic(a, b, c, 0x96)
        : a ^ b ^ c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Choose(Vector256<uint> a, Vector256<uint> b, Vector256<uint> c) =>
        Avx512F.VL.IsSupported
        ? Avx512F.VL.TernaryLogic(a, b, c, 0xCA)
        : c ^ (a & (b ^ c));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Majority(Vector256<uint> a, Vector256<uint> b, Vector256<uint> c) =>
        Avx512F.VL.IsSupported
        ? Avx512F.VL.TernaryLogic(a, b, c, 0xE8)
        : (a & b) | (c & (a | b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> RotateRight(
        Vector256<uint> a, [ConstantExpected(Min = 1, Max = 31)] byte bits) => Avx512F.VL.IsSupported
        ? Avx512F.VL.RotateRight(a, bits)
        : (a >>> bits) | (a << (32 - bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> ShiftRight(
        Vector256<uint> a, [ConstantExpected(Min = 1, Max = 31)] byte bits) => a >>> bits;

    public static uint ReversedAtMost(Vector256<uint> a, uint limit)
    {
        var odd = Vector256.Create(0x00ff00ffu);
        var reversed = (RotateRight(a, 24) & odd) | (RotateRight(a, 8) & ~odd);
        return (uint)Vector256.LessThanOrEqual(reversed, Vector256.Create(limit)).ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> TurnLeft(Vector256<uint> a) => Avx2.IsSupported
        ? Avx2.Shuffle(a.AsInt32(), 0b00_11_10_01).AsUInt32()
        : Vector256.Shuffle(a, Vector256.Create(1u, 2, 3, 0, 5, 6, 7, 4));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> TurnHalf(Vector256<uint> a) => Avx2.IsSupported
        ? Avx2.Shuffle(a.AsInt32(), 0b01_00_11_10).AsUInt32()
        : Vector256.Shuffle(a, Vector256.Create(2u, 3, 0, 1, 6, 7, 4, 5));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> TurnRight(Vector256<uint> a) => Avx2.IsSupported
        ? Avx2.Shuffle(a.AsInt32(), 0b10_01_00_11).AsUInt32()
        : Vector256.Shuffle(a, Vector256.Create(3u, 0, 1, 2, 7, 4, 5, 6));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector256<uint> Gather(uint** rows, int offset) =>
        Vector256.Create(Vector128.Load(rows[0] + offset), Vector128.Load(rows[1] + offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Scatter(Vector256<uint> a, uint* first, nint stride)
    {
        a.GetLower().Store(first);
        a.GetUpper().Store(first + stride);
    }
}
