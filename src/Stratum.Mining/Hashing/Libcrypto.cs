using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Stratum.Mining;

/// <summary>
/// OpenSSL's SHA256_Transform, which uses the processor's SHA instructions (.NET offers them on arm64 only) and, as a
/// bare function, costs a tenth of <c>SHA256.HashData</c> for a header.
/// </summary>
internal static unsafe class Libcrypto
{
    private static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<uint*, byte*, void> s_transform =
        Find("libcrypto.so.3", "libcrypto.so.1.1");

    /// <summary>Whether it was found and hashes right.</summary>
    public static readonly bool IsPresent = s_transform != null;

    /// <summary>Mixes 64 bytes into the first eight of <see cref="ContextWords"/> words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Compress(uint* state, byte* block) => s_transform(state, block);

    /// <summary>Words of an SHA256_CTX: the state, and what the transform leaves alone.</summary>
    public const int ContextWords = 28;

    /// <summary>The first library of these with a transform that hashes as it must, or null.</summary>
    internal static delegate* unmanaged[Cdecl, SuppressGCTransition]<uint*, byte*, void> Find(
        params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (!NativeLibrary.TryLoad(name, out var library)
                || !NativeLibrary.TryGetExport(library, "SHA256_Transform", out var address))
                continue;
            if (IsRight((delegate* unmanaged[Cdecl]<uint*, byte*, void>)address))
                return (delegate* unmanaged[Cdecl, SuppressGCTransition]<uint*, byte*, void>)address;
        }
        return null;
    }

    // A library that is loaded by name may be of another layout: what it writes is compared, and what lies behind.
    internal static bool IsRight(delegate* unmanaged[Cdecl]<uint*, byte*, void> transform)
    {
        var native = stackalloc uint[2 * ContextWords];
        var managed = stackalloc uint[2 * ContextWords];
        var block = stackalloc byte[64];
        for (var i = 0; i < 2 * ContextWords; i++)
            native[i] = managed[i] = i < 8 ? Sha256Constants.Start[i] : 0xA5A5A5A5;
        for (var i = 0; i < 64; i++)
            block[i] = (byte)(i * 167 + 1);
        for (var round = 0; round < 4; round++)
        {
            transform(native, block);
            ManagedSha256.Compress(managed, block);
            block[round] ^= (byte)managed[round];
        }
        return new ReadOnlySpan<uint>(native, 2 * ContextWords).SequenceEqual(new(managed, 2 * ContextWords));
    }
}
