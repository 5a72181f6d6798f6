using System.Text.Json;

namespace Stratum.Mining;

/// <summary>The answer of <c>getblocktemplate</c> (BIP 22, 23, 145).</summary>
public sealed record BlockTemplate
{
    /// <summary>Block version as the node suggests it.</summary>
    public required uint Version { get; init; }

    /// <summary>The tip that the block builds on.</summary>
    public required Hash256 PreviousBlock { get; init; }

    /// <summary>All transactions but the coinbase, in their order.</summary>
    public required IReadOnlyList<TemplateTransaction> Transactions { get; init; }

    /// <summary>Subsidy and fees in the coin's smallest unit.</summary>
    public required long CoinbaseValue { get; init; }

    /// <summary>The values of <c>coinbaseaux</c> one after the other.</summary>
    public ReadOnlyMemory<byte> CoinbaseAux { get; init; }

    /// <summary>The compact target.</summary>
    public required CompactTarget Bits { get; init; }

    /// <summary>The node's own expansion of <see cref="Bits"/>; null when it gave none that can be read.</summary>
    public Target? Target { get; init; }

    /// <summary>The node's time, seconds since 1970; never below <see cref="MinTime"/>.</summary>
    public required uint CurTime { get; init; }

    /// <summary>The earliest time that the chain accepts; 0 when the node did not say.</summary>
    public uint MinTime { get; init; }

    /// <summary>Height of the block.</summary>
    public required long Height { get; init; }

    /// <summary>The script of the witness commitment; null without segwit.</summary>
    public ReadOnlyMemory<byte>? WitnessCommitment { get; init; }

    /// <summary>What the next long poll sends; null when the node has none.</summary>
    public string? LongPollId { get; init; }

    /// <summary>Rules in force; one that begins with <c>!</c> must be understood by whoever mines.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];

    /// <summary>Version bits that the node wants set and kept; never rolled.</summary>
    public uint VersionBitsRequired { get; init; }

    /// <summary>
    /// Version bits that stand for a vote which is open (<c>vbavailable</c>, BIP 9: {"mweb":4} is bit 4); never rolled,
    /// because a rolled bit would vote.
    /// </summary>
    public uint VersionBitsAvailable { get; init; }

    /// <summary>
    /// The script that blocks of a signet are signed for (BIP 325); null when there is none that can be read.
    /// </summary>
    public ReadOnlyMemory<byte>? SignetChallenge { get; init; }

    /// <summary>Litecoin's MWEB extension block; null when there is none.</summary>
    public ReadOnlyMemory<byte>? Mweb { get; init; }

    /// <summary>Reads the result of the call.</summary>
    /// <exception cref="FormatException">A member is missing or wrong; the text names it.</exception>
    public static BlockTemplate FromJson(JsonElement result)
    {
        if (result.ValueKind != JsonValueKind.Object)
            throw new FormatException($"getblocktemplate: the result is {result.ValueKind}, not an object.");
        var reader = new TemplateReader(result);
        return new BlockTemplate
        {
            Version = (uint)reader.Integer("version", int.MinValue, uint.MaxValue),
            PreviousBlock = reader.Hash("previousblockhash"),
            Transactions = reader.Transactions(),
            CoinbaseValue = reader.Integer("coinbasevalue", 0, long.MaxValue),
            CoinbaseAux = reader.Aux(),
            Bits = new CompactTarget(reader.Hex32("bits")),
            Target = reader.TargetOrNull("target"),
            CurTime = (uint)reader.Integer("curtime", 0, uint.MaxValue),
            MinTime = (uint)(reader.OptionalInteger("mintime", 0, uint.MaxValue) ?? 0),
            Height = reader.Integer("height", 0, int.MaxValue),
            WitnessCommitment = reader.OptionalBytes("default_witness_commitment"),
            LongPollId = reader.OptionalText("longpollid"),
            Rules = reader.Texts("rules"),
            VersionBitsRequired = (uint)(reader.OptionalInteger("vbrequired", 0, uint.MaxValue) ?? 0),
            VersionBitsAvailable = reader.BitNumbers("vbavailable"),
            SignetChallenge = reader.BytesOrNull("signet_challenge"),
            Mweb = reader.OptionalBytes("mweb"),
        };
    }
}
