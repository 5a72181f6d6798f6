using System.Runtime.InteropServices;

namespace Stratum.Mining;

/// <summary>OpenSSL's scrypt: what ours is measured beside.</summary>
internal static unsafe class OpenSslScrypt
{
    // EVP_PBE_scrypt(password, length, salt, length, N, r, p, most memory, key, length)
    private static readonly delegate* unmanaged[Cdecl]<byte*, nuint, byte*, nuint, ulong, ulong, ulong, ulong, byte*, nuint, int>
        s_scrypt =
            (delegate* unmanaged[Cdecl]<byte*, nuint, byte*, nuint, ulong, ulong, ulong, ulong, byte*, nuint, int>)Find();

    /// <summary>Whether it was found.</summary>
    public static readonly bool IsPresent = s_scrypt != null;

    /// <summary>The same as <see cref="Scrypt.Hash(ReadOnlySpan{byte}, Span{byte})"/>, of data that is not empty.</summary>
    public static void Hash(ReadOnlySpan<byte> data, Span<byte> hash)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(hash.Length, Hash256.Size, nameof(hash));
        fixed (byte* from = data)
        fixed (byte* to = hash)
        {
            if (s_scrypt(from, (nuint)data.Length, from, (nuint)data.Length, 1024, 1, 1, 0, to, Hash256.Size) != 1)
                throw new InvalidOperationException("OpenSSL's scrypt failed.");
        }
    }

    private static nint Find()
    {
        foreach (var name in (ReadOnlySpan<string>)["libcrypto.so.3", "libcrypto.so.1.1"])
        {
            if (NativeLibrary.TryLoad(name, out var library)
                && NativeLibrary.TryGetExport(library, "EVP_PBE_scrypt", out var address))
                return address;
        }
        return 0;
    }
}
