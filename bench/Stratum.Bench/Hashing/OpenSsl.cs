using System.Runtime.InteropServices;

namespace Stratum.Bench;

/// <summary>OpenSSL's scrypt, beside ours.</summary>
internal static partial class OpenSsl
{
    public static void Scrypt(ReadOnlySpan<byte> data, Span<byte> hash)
    {
        if (EVP_PBE_scrypt(data, data.Length, data, data.Length, 1024, 1, 1, 0, hash, 32) != 1)
            throw new InvalidOperationException("OpenSSL's scrypt failed.");
    }

    [LibraryImport("libcrypto.so.3")]
    private static partial int EVP_PBE_scrypt(
        ReadOnlySpan<byte> password, nint passwordLength, ReadOnlySpan<byte> salt, nint saltLength,
        ulong n, ulong r, ulong p, ulong maximumMemory, Span<byte> hash, nint hashLength);
}
