using System.Text.Json;
using Stratum.Mining;

namespace Stratum.Simulation;

/// <summary>One transaction of <c>getblock HASH 2</c>.</summary>
internal static class TransactionJson
{
    private const decimal UnitsPerCoin = 1_0000_0000;

    public static void Write(Utf8JsonWriter json, DecodedTransaction transaction, CoinNetwork network)
    {
        int weight = transaction.Weight;
        json.WriteStartObject();
        json.WriteString("txid", transaction.TxId.ToString());
        json.WriteString("hash", transaction.WitnessHash.ToString());
        json.WriteNumber("version", (int)transaction.Version);
        json.WriteNumber("size", transaction.Data.Length);
        json.WriteNumber("vsize", (weight + 3) / 4);
        json.WriteNumber("weight", weight);
        json.WriteNumber("locktime", transaction.LockTime);
        WriteInputs(json, transaction);
        WriteOutputs(json, transaction, network);
        json.WriteString("hex", Convert.ToHexStringLower(transaction.Data.Span));
        json.WriteEndObject();
    }

    private static void WriteInputs(Utf8JsonWriter json, DecodedTransaction transaction)
    {
        json.WriteStartArray("vin");
        foreach (var input in transaction.Inputs)
        {
            string script = Convert.ToHexStringLower(input.Script.Span);
            json.WriteStartObject();
            if (transaction.IsCoinbase)
            {
                json.WriteString("coinbase", script);
            }
            else
            {
                json.WriteString("txid", input.PreviousTransaction.ToString());
                json.WriteNumber("vout", input.PreviousOutput);
                json.WriteStartObject("scriptSig");
                json.WriteString("hex", script);
                json.WriteEndObject();
            }

            if (input.Witness.Count > 0)
            {
                json.WriteStartArray("txinwitness");
                foreach (var item in input.Witness)
                {
                    json.WriteStringValue(Convert.ToHexStringLower(item.Span));
                }

                json.WriteEndArray();
            }

            json.WriteNumber("sequence", input.Sequence);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteOutputs(Utf8JsonWriter json, DecodedTransaction transaction, CoinNetwork network)
    {
        json.WriteStartArray("vout");
        for (int i = 0; i < transaction.Outputs.Count; i++)
        {
            var output = transaction.Outputs[i];
            json.WriteStartObject();
            json.WriteNumber("value", output.Value / UnitsPerCoin);
            json.WriteNumber("n", i);
            json.WriteStartObject("scriptPubKey");
            json.WriteString("hex", Convert.ToHexStringLower(output.Script.Span));
            var address = Address.FromScript(output.Script.Span, network);
            json.WriteString("type", ScriptNames.TypeOf(output.Script.Span, address));
            if (address is not null)
            {
                // The list is how releases up to 0.21 say it, the single one how later ones do.
                json.WriteString("address", address.Text);
                json.WriteStartArray("addresses");
                json.WriteStringValue(address.Text);
                json.WriteEndArray();
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
