using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Stratum.Mining;

/// <summary>16 words side by side.</summary>
internal readonly struct Lanes512 : ILanes<Vector512<uint>>
{
    public static int Count => 16;

    public static int Quads => 4;

    public static bool IsSupported => Vector512.IsHardwareAccelerated;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Create(uint word) => Vector512.Create(word);

    public static Vector512<uint> Sequence(uint first) => Vector512.CreateSequence(first, 1u);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Add(Vector512<uint> a, Vector512<uint> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Xor(Vector512<uint> a, Vector512<uint> b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Xor(Vector512<uint> a, Vector512<uint> b, Vector512<uint> c) =>
        Avx512F.IsSupported
        ? Avx512F.TernaryLogic(a, b, c, 0x96)
        : a ^ b ^ c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Choose(Vector512<uint> a, Vector512<uint> b, Vector512<uint> c) =>
        Avx512F.IsSupported
        ? Avx512F.TernaryLogic(a, b, c, 0xCA)
        : c ^ (a & (b ^ c));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Majority(Vector512<uint> a, Vector512<uint> b, Vector512<uint> c) =>
        Avx512F.IsSupported
        ? Avx512F.TernaryLogic(a, b, c, 0xE8)
        : (a & b) | (c & (a | b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> RotateRight(
        Vector512<uint> a, [ConstantExpected(Min = 1, Max = 31)] byte bits) => Avx512F.IsSupported
        ? Avx512F.RotateRight(a, bits)
        : (a >>> bits) | (a << (32 - bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> ShiftRight(
        Vector512<uint> a, [ConstantExpected(Min = 1, Max = 31)] byte bits) => a >>> bits;

    public static uint ReversedAtMost(Vector512<uint> a, uint limit)
    {
        var odd = Vector512.Create(0x00ff00ffu);
        var reversed = (RotateRight(a, 24) & odd) | (RotateRight(a, 8) & ~odd);
        return (uint)Vector512.LessThanOrEqual(reversed, Vector512.Create(limit)).ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> TurnLeft(Vector512<uint> a) => Avx512F.IsSupported
        ? Avx512F.Shuffle(a.AsInt32(), 0b00_11_10_01).AsUInt32()
        : Vector512.Shuffle(a, Vector512.Create(1u, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> TurnHalf(Vector512<uint> a) => Avx512F.IsSupported
        ? Avx512F.Shuffle(a.AsInt32(), 0b01_00_11_10).AsUInt32()
        : Vector512.Shuffle(a, Vector512.Create(2u, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> TurnRight(Vector512<uint> a) => Avx512F.IsSupported
        ? Avx512F.Shuffle(a.AsInt32(), 0b10_01_00_11).AsUInt32()
        : Vector512.Shuffle(a, Vector512.Create(3u, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector512<uint> Gather(uint** rows, int offset) => Vector512.Create(
        Vector256.Create(Vector128.Load(rows[0] + offset), Vector128.Load(rows[1] + offset)),
        Vector256.Create(Vector128.Load(rows[2] + offset), Vector128.Load(rows[3] + offset)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Scatter(Vector512<uint> a, uint* first, nint stride)
    {
        a.GetLower().GetLower().Store(first);
        a.GetLower().GetUpper().Store(first + stride);
        a.GetUpper().GetLower().Store(first + 2 * stride);
        a.GetUpper().GetUpper().Store(first + 3 * stride);
    }
}
