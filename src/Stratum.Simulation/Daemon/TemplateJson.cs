using System.Text.Json;
using Stratum.Mining;

namespace Stratum.Simulation;

/// <summary>The <c>result</c> of <c>getblocktemplate</c>, member by member as bitcoind 0.21 writes it.</summary>
internal static class TemplateJson
{
    public static void Write(Utf8JsonWriter json, SimulatedChain chain)
    {
        var options = chain.Options;
        var snapshot = chain.Snapshot();
        var template = snapshot.Template;
        json.WriteStartObject();
        WriteStrings(json, "capabilities", ["proposal"]);
        json.WriteNumber("version", template.Version);
        WriteStrings(json, "rules", template.Rules);
        json.WriteStartObject("vbavailable");
        foreach (var (name, bit) in options.VersionBitsAvailable)
        {
            json.WriteNumber(name, bit);
        }

        json.WriteEndObject();
        json.WriteNumber("vbrequired", template.VersionBitsRequired);
        json.WriteString("previousblockhash", template.PreviousBlock.ToString());
        WriteTransactions(json, snapshot.Transactions);
        json.WriteStartObject("coinbaseaux");
        if (!options.CoinbaseFlags.IsEmpty)
        {
            json.WriteString("flags", Convert.ToHexStringLower(options.CoinbaseFlags.Span));
        }

        json.WriteEndObject();
        json.WriteNumber("coinbasevalue", template.CoinbaseValue);
        json.WriteString("longpollid", template.LongPollId);
        json.WriteString("target", template.Bits.ToTarget().ToString());
        json.WriteNumber("mintime", template.MinTime);
        WriteStrings(json, "mutable", ["time", "transactions", "prevblock"]);
        json.WriteString("noncerange", "00000000ffffffff");
        json.WriteNumber("sigoplimit", 80_000);
        json.WriteNumber("sizelimit", 4_000_000);
        json.WriteNumber("weightlimit", 4_000_000);
        json.WriteNumber("curtime", template.CurTime);
        json.WriteString("bits", template.Bits.ToString());
        json.WriteNumber("height", template.Height);
        if (chain.SignetChallenge is { } challenge)
        {
            json.WriteString("signet_challenge", Convert.ToHexStringLower(challenge.Span));
        }

        if (template.WitnessCommitment is { } commitment)
        {
            json.WriteString("default_witness_commitment", Convert.ToHexStringLower(commitment.Span));
        }

        if (template.Mweb is { } mweb)
        {
            json.WriteString("mweb", Convert.ToHexStringLower(mweb.Span));
        }

        json.WriteEndObject();
    }

    private static void WriteTransactions(Utf8JsonWriter json, IReadOnlyList<PretendTransaction> transactions)
    {
        // "depends" counts from 1: 0 would be the coinbase.
        var places = new Dictionary<Hash256, int>();
        json.WriteStartArray("transactions");
        foreach (var transaction in transactions)
        {
            var entry = transaction.Template;
            json.WriteStartObject();
            json.WriteString("data", Convert.ToHexStringLower(entry.Data.Span));
            json.WriteString("txid", entry.TxId.ToString());
            json.WriteString("hash", entry.WitnessHash.ToString());
            json.WriteStartArray("depends");
            if (places.TryGetValue(transaction.SpentTransaction, out int place))
            {
                json.WriteNumberValue(place);
            }

            json.WriteEndArray();
            json.WriteNumber("fee", entry.Fee);
            json.WriteNumber("sigops", entry.Sigops);
            json.WriteNumber("weight", entry.Weight);
            json.WriteEndObject();
            places[entry.TxId] = places.Count + 1;
        }

        json.WriteEndArray();
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
