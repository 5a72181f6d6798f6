using System.Diagnostics.CodeAnalysis;

namespace Stratum.Mining;

/// <summary>An address that a coinbase can pay: base58check, bech32 (BIP 173) or bech32m (BIP 350).</summary>
public sealed record Address
{
    private Address(string text, AddressKind kind, ReadOnlyMemory<byte> script)
    {
        Text = text;
        Kind = kind;
        ScriptPubKey = script;
    }

    /// <summary>As written.</summary>
    public string Text { get; }

    /// <summary>What it pays to.</summary>
    public AddressKind Kind { get; }

    /// <summary>The script of an output that pays it.</summary>
    public ReadOnlyMemory<byte> ScriptPubKey { get; }

    /// <summary>Reads an address of one network.</summary>
    /// <exception cref="FormatException">It is none, or one of another network or coin; the text says which.</exception>
    public static Address Parse(string text, Coin coin, CoinNetwork network) =>
        TryParse(text, coin, network, out var address, out var error) ? address : throw new FormatException(error);

    /// <summary>Reads an address of one network; on failure the error says what is wrong.</summary>
    public static bool TryParse(string? text, Coin coin, CoinNetwork network, [NotNullWhen(true)] out Address? address,
        [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(coin);
        ArgumentNullException.ThrowIfNull(network);
        text = text?.Trim() ?? "";
        address = null;
        if (text.Length == 0)
            error = "The address is empty.";
        else if (Bech32.PrefixOf(text) is { } prefix)
            address = FromBech32(text, prefix, coin, network, out error);
        else
            address = FromBase58(text, coin, network, out error);
        return address is not null;
    }

    /// <summary>The address of a public key hash with witness version 0, or the base58 one where a network has no bech32.</summary>
    /// <param name="hash">20 bytes: RIPEMD-160 of SHA-256 of the public key.</param>
    /// <param name="network">Its network.</param>
    public static Address FromPublicKeyHash(ReadOnlySpan<byte> hash, CoinNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (hash.Length != 20)
            throw new ArgumentException($"A public key hash has 20 bytes, not {hash.Length}.", nameof(hash));
        return network.Bech32Prefix is { } prefix
            ? new Address(Bech32.Encode(prefix, 0, hash), AddressKind.WitnessPublicKeyHash, WitnessScript(0, hash))
            : new Address(Base58Check.Encode(network.PublicKeyHashPrefix, hash), AddressKind.PublicKeyHash, KeyScript(hash));
    }

    /// <summary>The address that stands for an output script; null when none does, as for a commitment.</summary>
    /// <param name="script">A whole scriptPubKey.</param>
    /// <param name="network">The network that the address is written for.</param>
    public static Address? FromScript(ReadOnlySpan<byte> script, CoinNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return script switch
        {
            [0x76, 0xa9, 20, .. var hash, 0x88, 0xac] when hash.Length == 20 =>
                new Address(Base58Check.Encode(network.PublicKeyHashPrefix, hash), AddressKind.PublicKeyHash, script.ToArray()),
            [0xa9, 20, .. var hash, 0x87] when hash.Length == 20 && network.ScriptHashPrefixes is [var version, ..] =>
                new Address(Base58Check.Encode(version, hash), AddressKind.ScriptHash, script.ToArray()),
            [0, 20 or 32, .. var program] when program.Length == script[1] => FromProgram(0, program, network),
            [>= 0x51 and <= 0x60, >= 2 and <= 40, .. var program] when program.Length == script[1] =>
                FromProgram(script[0] - 0x50, program, network),
            _ => null,
        };
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static Address? FromProgram(int version, ReadOnlySpan<byte> program, CoinNetwork network) =>
        network.Bech32Prefix is { } prefix
            ? new Address(Bech32.Encode(prefix, version, program), KindOf(version, program.Length), WitnessScript(version, program))
            : null;

    private static AddressKind KindOf(int version, int length) => (version, length) switch
    {
        (0, 20) => AddressKind.WitnessPublicKeyHash,
        (0, _) => AddressKind.WitnessScriptHash,
        (1, 32) => AddressKind.Taproot,
        _ => AddressKind.WitnessUnknown,
    };

    private static Address? FromBech32(string text, string prefix, Coin coin, CoinNetwork network, out string? error)
    {
        if (coin.RefusedAddresses.TryGetValue(prefix, out var refusal))
        {
            error = $"'{text}' {refusal}.";
            return null;
        }
        if (prefix != network.Bech32Prefix)
        {
            error = Elsewhere(text, coin, network, other => other.Bech32Prefix == prefix)
                ?? (prefix.All(char.IsAsciiLetter) && prefix.Length < 10
                    ? $"'{text}' begins with '{prefix}1', which no network of {coin.Name} has; {network.Name} has '{network.Bech32Prefix}1'."
                    : $"'{text}' is not an address.");
            return null;
        }
        if (!Bech32.TryDecode(text, out var version, out var program, out error))
        {
            error = $"'{text}' is not an address: {error}.";
            return null;
        }
        return new Address(text, KindOf(version, program.Length), WitnessScript(version, program));
    }

    private static Address? FromBase58(string text, Coin coin, CoinNetwork network, out string? error)
    {
        if (!Base58Check.TryDecode(text, out var version, out var hash, out error))
        {
            error = $"'{text}' is not an address: {error}.";
            return null;
        }
        if (version == network.PublicKeyHashPrefix)
            return new Address(text, AddressKind.PublicKeyHash, KeyScript(hash));
        if (network.ScriptHashPrefixes.Contains(version))
            return new Address(text, AddressKind.ScriptHash, new byte[] { 0xa9, 0x14 }.Concat(hash).Append((byte)0x87).ToArray());
        error = Elsewhere(text, coin, network, other => version == other.PublicKeyHashPrefix || other.ScriptHashPrefixes.Contains(version))
            ?? $"'{text}' has version byte {version}, which is none of {coin.Name} {network.Name}.";
        return null;
    }

    private static byte[] KeyScript(ReadOnlySpan<byte> hash) => [0x76, 0xa9, 0x14, .. hash, 0x88, 0xac];

    private static byte[] WitnessScript(int version, ReadOnlySpan<byte> program) =>
        [(byte)(version == 0 ? 0 : 0x50 + version), (byte)program.Length, .. program];

    private static string? Elsewhere(string text, Coin coin, CoinNetwork network, Func<CoinNetwork, bool> matches)
    {
        foreach (var other in Coin.Known.Where(known => known.Name != coin.Name).Prepend(coin))
            if (other.Networks.FirstOrDefault(matches) is { } found)
                return $"'{text}' is an address of {other.Name} {found.Name}, not of {coin.Name} {network.Name}.";
        return null;
    }
}
