using System.Diagnostics.CodeAnalysis;

namespace Stratum.Mining;

/// <summary>
/// An address that a coinbase can pay: base58check, bech32 (BIP 173) or bech32m (BIP 350). Two are equal when they
/// are written alike and pay the same script.
/// </summary>
public sealed record Address
{
    // The longest address that is one has 90 characters; a mistake is quoted up to here.
    private const int MaxQuoted = 100;

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
    /// <exception cref="FormatException">
    /// It is none, or one of another network or coin; the text says which.
    /// </exception>
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
        else if (Bech32.PrefixOf(text, prefix => AddressOwners.Knows(coin, network, prefix)) is { } prefix)
            address = FromBech32(text, prefix, coin, network, out error);
        else
            address = FromBase58(text, coin, network, out error);
        return address is not null;
    }

    /// <summary>Pays a witness version 0 public key hash; base58 where the network has no bech32.</summary>
    /// <param name="hash">20 bytes: RIPEMD-160 of SHA-256 of the public key.</param>
    /// <param name="network">Its network.</param>
    /// <exception cref="ArgumentException">Not 20 bytes.</exception>
    public static Address FromPublicKeyHash(ReadOnlySpan<byte> hash, CoinNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (hash.Length != OutputScript.HashSize)
            throw new ArgumentException($"A public key hash has 20 bytes, not {hash.Length}.", nameof(hash));
        if (network.Bech32Prefix is not null)
            return FromWitnessProgram(0, hash, network);
        var text = Base58Check.Encode(network.PublicKeyHashPrefix, hash);
        return new Address(text, AddressKind.PublicKeyHash, OutputScript.ToKeyHash(hash));
    }

    /// <summary>Writes a witness program as bech32 (version 0) or bech32m (1 to 16).</summary>
    /// <param name="version">0 to 16; 1 is taproot.</param>
    /// <param name="program">2 to 40 bytes; 20 or 32 for version 0.</param>
    /// <param name="network">One that has a bech32 prefix.</param>
    /// <exception cref="ArgumentException">There is no such program, or the network has no bech32 prefix.</exception>
    public static Address FromWitnessProgram(int version, ReadOnlySpan<byte> program, CoinNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (Bech32.WhatIsWrong(version, program.Length) is { } error)
            throw new ArgumentException($"This is no witness program: {error}.", nameof(program));
        if (network.Bech32Prefix is not { } prefix)
            throw new ArgumentException($"{network.Name} has no bech32 addresses.", nameof(network));
        var text = Bech32.Encode(prefix, version, program);
        return new Address(
            text, OutputScript.KindOf(version, program.Length), OutputScript.ToWitness(version, program));
    }

    /// <summary>The address that stands for an output script; null when none does, as for a commitment.</summary>
    /// <param name="script">A whole scriptPubKey.</param>
    /// <param name="network">The network that the address is written for.</param>
    public static Address? FromScript(ReadOnlySpan<byte> script, CoinNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (!OutputScript.TryRead(script, out var kind, out var version, out var payload))
            return null;
        var text = kind switch
        {
            AddressKind.PublicKeyHash => Base58Check.Encode(network.PublicKeyHashPrefix, payload),
            AddressKind.ScriptHash => network.ScriptHashPrefixes is [var prefix, ..]
                ? Base58Check.Encode(prefix, payload)
                : null,
            _ => network.Bech32Prefix is { } prefix ? Bech32.Encode(prefix, version, payload) : null,
        };
        return text is null ? null : new Address(text, kind, script.ToArray());
    }

    /// <inheritdoc/>
    public bool Equals(Address? other) =>
        other is not null && Text == other.Text && ScriptPubKey.Span.SequenceEqual(other.ScriptPubKey.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static Address? FromBech32(
        string text, string prefix, Coin coin, CoinNetwork network, out string? error)
    {
        if (coin.RefusedAddresses.TryGetValue(prefix, out var refusal))
        {
            error = $"{Quote(text)} {refusal}.";
            return null;
        }
        if (prefix != network.Bech32Prefix)
        {
            error = $"{Quote(text)} {AddressOwners.OfBech32(coin, network, prefix)}.";
            return null;
        }
        if (!Bech32.TryDecode(text, out var version, out var program, out error))
        {
            error = $"{Quote(text)} is not an address: {error}.";
            return null;
        }
        return new Address(
            text, OutputScript.KindOf(version, program.Length), OutputScript.ToWitness(version, program));
    }

    private static Address? FromBase58(string text, Coin coin, CoinNetwork network, out string? error)
    {
        if (!Base58Check.TryDecode(text, out var version, out var hash, out error))
        {
            error = $"{Quote(text)} is not an address: {error}.";
            return null;
        }
        if (version == network.PublicKeyHashPrefix)
            return new Address(text, AddressKind.PublicKeyHash, OutputScript.ToKeyHash(hash));
        if (network.ScriptHashPrefixes.Contains(version))
            return new Address(text, AddressKind.ScriptHash, OutputScript.ToScriptHash(hash));
        error = $"{Quote(text)} {AddressOwners.OfBase58(coin, network, version)}.";
        return null;
    }

    private static string Quote(string text) => text.Length <= MaxQuoted ? $"'{text}'" : $"'{text[..MaxQuoted]}...'";
}
