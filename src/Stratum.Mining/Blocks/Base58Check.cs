using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Stratum.Mining;

/// <summary>Base58 with a version byte and four bytes of sha256d as checksum.</summary>
internal static class Base58Check
{
    private const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private const int HashSize = 20;
    private const int ChecksumSize = 4;

    // 25 bytes are at most 35 characters; what is longer is not read.
    private const int MaxLength = 40;

    public static bool TryDecode(string text, out byte version, out byte[] hash, [NotNullWhen(false)] out string? error)
    {
        version = 0;
        hash = [];
        error = null;
        if (text.Length > MaxLength)
        {
            error = "it is too long";
            return false;
        }
        var number = BigInteger.Zero;
        foreach (var character in text)
        {
            var digit = Alphabet.IndexOf(character, StringComparison.Ordinal);
            if (digit < 0)
            {
                error = $"'{character}' is not a base58 character";
                return false;
            }
            number = number * 58 + digit;
        }
        var zeros = text.Length - text.AsSpan().TrimStart('1').Length;
        var rest = number.IsZero ? [] : number.ToByteArray(isUnsigned: true, isBigEndian: true);
        byte[] bytes = [.. new byte[zeros], .. rest];
        if (bytes.Length != 1 + HashSize + ChecksumSize)
        {
            error = "it has not the length of an address";
            return false;
        }
        if (!Checksum(bytes.AsSpan(..^ChecksumSize)).AsSpan().SequenceEqual(bytes.AsSpan(^ChecksumSize..)))
        {
            error = "its checksum is wrong (a mistyped character?)";
            return false;
        }
        version = bytes[0];
        hash = bytes[1..^ChecksumSize];
        return true;
    }

    public static string Encode(byte version, ReadOnlySpan<byte> hash)
    {
        byte[] payload = [version, .. hash];
        byte[] bytes = [.. payload, .. Checksum(payload)];
        var number = new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
        var text = new Stack<char>();
        for (; !number.IsZero; number /= 58)
            text.Push(Alphabet[(int)(number % 58)]);
        var zeros = bytes.Length - bytes.AsSpan().TrimStart((byte)0).Length;
        return new string('1', zeros) + new string([.. text]);
    }

    private static byte[] Checksum(ReadOnlySpan<byte> payload)
    {
        Span<byte> hash = stackalloc byte[32];
        Sha256d.Hash(payload, hash);
        return hash[..ChecksumSize].ToArray();
    }
}
