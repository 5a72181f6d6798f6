using System.Security.Cryptography;
using System.Text;

namespace Stratum.Rpc;

/// <summary>The two forms of a password: what a server's options hold, and what a caller sends.</summary>
public static class RpcPassword
{
    /// <summary>What is wrong with a hash, without showing it: it may be a password that came to the wrong place.
    /// </summary>
    internal const string WrongHash =
        "A password hash is not 64 hex digits: give the SHA-256 that 'stratum hash-password' prints, not the password.";

    /// <summary>SHA-256 of the password's UTF-8 in 64 lower-case hex digits: for <c>PasswordHashes</c>.</summary>
    public static string Hash(string password)
    {
        ArgumentNullException.ThrowIfNull(password);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(password)));
    }

    /// <summary>Whether a text can be a hash: 64 hex digits of either case.</summary>
    public static bool IsHash(string? text) => text is { Length: 64 } && text.All(char.IsAsciiHexDigit);

    /// <summary>Base64 of the password's UTF-8: the first parameter of a call, or its parameter <c>password</c>.</summary>
    public static string ToParameter(string password)
    {
        ArgumentNullException.ThrowIfNull(password);
        return Convert.ToBase64String(Encoding.UTF8.GetBytes(password));
    }
}
