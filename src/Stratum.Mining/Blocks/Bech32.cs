using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Stratum.Mining;

/// <summary>Segregated witness addresses: BIP 173 for version 0, BIP 350 for the others.</summary>
internal static class Bech32
{
    private const string Charset = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    private const int MaxLength = 90;
    private const int ChecksumLength = 6;
    private const uint ConstantV0 = 1;
    private const uint ConstantV1 = 0x2bc830a3;
    private static readonly uint[] s_generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

    /// <summary>The human-readable part in lower case when the text is or tries to be bech32, else null.</summary>
    /// <param name="text">An address.</param>
    /// <param name="isKnown">Whether some network has this human-readable part.</param>
    public static string? PrefixOf(string text, Func<string, bool> isKnown)
    {
        var separator = text.LastIndexOf('1');
        if (separator < 1)
            return null;
        var prefix = text[..separator].ToLowerInvariant();
        // A base58 address may hold a 1 too, but it mixes upper and lower case.
        return isKnown(prefix) || (MixedCase(text) is null && prefix.All(char.IsAsciiLetter)) ? prefix : null;
    }

    public static bool TryDecode(
        string text, out int version, out byte[] program, [NotNullWhen(false)] out string? error)
    {
        version = 0;
        program = [];
        error = text.Length > MaxLength ? "it is too long" : NotPrintable(text) ?? MixedCase(text);
        if (error is not null)
            return false;
        var lower = text.ToLowerInvariant();
        var separator = lower.LastIndexOf('1');
        var values = new List<byte>();
        foreach (var character in lower.AsSpan(separator + 1))
        {
            var value = Charset.IndexOf(character, StringComparison.Ordinal);
            if (value < 0)
            {
                error = $"'{character}' is not a bech32 character";
                return false;
            }
            values.Add((byte)value);
        }
        if (values.Count < ChecksumLength + 1)
        {
            error = "it is too short";
            return false;
        }
        version = values[0];
        var constant = Polymod(lower[..separator], values);
        if (constant != (version == 0 ? ConstantV0 : ConstantV1))
        {
            error = constant is ConstantV0 or ConstantV1
                ? "it mixes up bech32 and bech32m"
                : "its checksum is wrong (a mistyped character?)";
            return false;
        }
        if (!TryRegroup(values.GetRange(1, values.Count - 1 - ChecksumLength), out program))
        {
            error = "its padding is wrong";
            return false;
        }
        error = WhatIsWrong(version, program.Length);
        return error is null;
    }

    /// <summary>Why there is no witness program of this version and length; null when there is (BIP 141).</summary>
    public static string? WhatIsWrong(int version, int length) =>
        version is < 0 or > 16 ? $"there is no witness version {version}"
        : length is < 2 or > 40 || (version == 0 && length is not (20 or 32))
            ? $"a witness program of version {version} cannot have {length} bytes"
            : null;

    public static string Encode(string prefix, int version, ReadOnlySpan<byte> program)
    {
        var values = new List<byte> { (byte)version };
        var bits = 0;
        var buffer = 0;
        foreach (var octet in program)
        {
            buffer = buffer << 8 | octet;
            for (bits += 8; bits >= 5; bits -= 5)
                values.Add((byte)(buffer >> (bits - 5) & 31));
            buffer &= (1 << bits) - 1;
        }
        if (bits > 0)
            values.Add((byte)(buffer << (5 - bits) & 31));
        var constant = version == 0 ? ConstantV0 : ConstantV1;
        var checksum = Polymod(prefix, [.. values, .. new byte[ChecksumLength]]) ^ constant;
        for (var i = 0; i < ChecksumLength; i++)
            values.Add((byte)(checksum >> (5 * (ChecksumLength - 1 - i)) & 31));
        var text = new StringBuilder(prefix).Append('1');
        foreach (var value in values)
            text.Append(Charset[value]);
        return text.ToString();
    }

    // Before anything is lower-cased: the Kelvin sign becomes a k.
    private static string? NotPrintable(string text)
    {
        var at = text.AsSpan().IndexOfAnyExceptInRange('!', '~');
        return at < 0 ? null : $"'{text[at]}' is not a bech32 character";
    }

    private static string? MixedCase(string text) =>
        text.Any(char.IsAsciiLetterUpper) && text.Any(char.IsAsciiLetterLower) ? "it mixes upper and lower case" : null;

    private static uint Polymod(string prefix, List<byte> values)
    {
        var checksum = 1u;
        foreach (var character in prefix)
            checksum = Step(checksum, (uint)character >> 5);
        checksum = Step(checksum, 0);
        foreach (var character in prefix)
            checksum = Step(checksum, (uint)character & 31);
        foreach (var value in values)
            checksum = Step(checksum, value);
        return checksum;
    }

    private static uint Step(uint checksum, uint value)
    {
        var top = checksum >> 25;
        checksum = (checksum & 0x1ffffff) << 5 ^ value;
        for (var i = 0; i < s_generator.Length; i++)
            if ((top >> i & 1) != 0)
                checksum ^= s_generator[i];
        return checksum;
    }

    // Groups of five bits to bytes; at most four zero bits may be left over.
    private static bool TryRegroup(List<byte> groups, out byte[] bytes)
    {
        var result = new List<byte>();
        var bits = 0;
        var buffer = 0;
        foreach (var group in groups)
        {
            buffer = buffer << 5 | group;
            bits += 5;
            if (bits < 8)
                continue;
            bits -= 8;
            result.Add((byte)(buffer >> bits));
            buffer &= (1 << bits) - 1;
        }
        bytes = [.. result];
        return bits < 5 && buffer == 0;
    }
}
