using System.Runtime.InteropServices;

namespace Stratum.Mining.Tests;

/// <summary>The scrypt of another author, to check ours against.</summary>
internal static unsafe class OpenSsl
{
    private static readonly nint s_scrypt = Find();

    public static void Scrypt(ReadOnlySpan<byte> data, Span<byte> hash)
    {
        Assert.SkipWhen(s_scrypt == 0, "There is no libcrypto here.");
        var scrypt =
            (delegate* unmanaged<byte*, nuint, byte*, nuint, ulong, ulong, ulong, ulong, byte*, nuint, int>)s_scrypt;
        // One more byte: an empty array has no address, which OpenSSL takes for no password.
        var copy = new byte[data.Length + 1];
        data.CopyTo(copy);
        fixed (byte* from = copy)
        fixed (byte* to = hash)
            Assert.Equal(1, scrypt(from, (nuint)data.Length, from, (nuint)data.Length, 1024, 1, 1, 0, to, 32));
    }

    private static nint Find()
    {
        foreach (var name in (string[])["libcrypto.so.3", "libcrypto.so.1.1"])
        {
            if (NativeLibrary.TryLoad(name, out var library)
                && NativeLibrary.TryGetExport(library, "EVP_PBE_scrypt", out var address))
                return address;
        }
        return 0;
    }
}
