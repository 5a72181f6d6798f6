using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Stratum.Mining;

/// <summary>Reads members of a template; every failure names the member.</summary>
internal readonly struct TemplateReader(JsonElement json, string where = "")
{
    public long Integer(string name, long least, long most) =>
        OptionalInteger(name, least, most) ?? throw Wrong(name, "is missing");

    public long? OptionalInteger(string name, long least, long most)
    {
        if (!json.TryGetProperty(name, out var member) || member.ValueKind == JsonValueKind.Null)
            return null;
        if (member.ValueKind != JsonValueKind.Number || !member.TryGetInt64(out var value)
            || value < least || value > most)
            throw Wrong(name, $"is {Shorten(member)}, not a whole number from {least} to {most}");
        return value;
    }

    /// <summary>
    /// A number that nothing is computed from, null when it is none: whatever a node says there must not stop the
    /// mining. The other readers that give null for what cannot be read are for the same kind of member.
    /// </summary>
    public long? Figure(string name) =>
        json.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Number
            && member.TryGetInt64(out var value) ? value : null;

    /// <summary>64 hex digits as a target.</summary>
    public Target? TargetOrNull(string name) =>
        json.TryGetProperty(name, out var member) && Hash256.TryParse(Text(member), out var number)
            ? Target.Parse(number.ToString())
            : null;

    /// <summary>Bytes in hex; empty when the text is.</summary>
    public ReadOnlyMemory<byte>? BytesOrNull(string name)
    {
        if (!json.TryGetProperty(name, out var member) || Text(member) is not { } hex || hex.Length % 2 != 0)
            return null;
        var bytes = new byte[hex.Length / 2];
        if (Convert.FromHexString(hex, bytes, out _, out _) != OperationStatus.Done)
            return null;
        return bytes;
    }

    /// <summary>The numbers of bits in an object, as the bits: {"a":0,"b":4} is 11 in hex.</summary>
    public uint BitNumbers(string name)
    {
        if (!json.TryGetProperty(name, out var member) || member.ValueKind != JsonValueKind.Object)
            return 0;
        var bits = 0u;
        foreach (var entry in member.EnumerateObject())
            if (entry.Value.ValueKind == JsonValueKind.Number && entry.Value.TryGetInt32(out var bit)
                && bit is >= 0 and < 32)
                bits |= 1u << bit;
        return bits;
    }

    public string? OptionalText(string name)
    {
        if (!json.TryGetProperty(name, out var member) || member.ValueKind == JsonValueKind.Null)
            return null;
        return Text(member) ?? throw Wrong(name, $"is {Shorten(member)}, not text");
    }

    public Hash256 Hash(string name) => Hash256.TryParse(Text(name), out var hash)
        ? hash
        : throw Wrong(name, "is not a hash of 64 hex digits");

    public uint Hex32(string name) =>
        uint.TryParse(Text(name), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Wrong(name, "is not eight hex digits");

    /// <summary>Bytes in hex; null when there are none, whether the member is absent, null or empty.</summary>
    public ReadOnlyMemory<byte>? OptionalBytes(string name)
    {
        if (OptionalText(name) is not { Length: > 0 } hex)
            return null;
        try
        {
            return Convert.FromHexString(hex);
        }
        catch (FormatException)
        {
            throw Wrong(name, "is not hex");
        }
    }

    public IReadOnlyList<string> Texts(string name)
    {
        if (!json.TryGetProperty(name, out var member))
            return [];
        if (member.ValueKind != JsonValueKind.Array || member.EnumerateArray().Any(item => Text(item) is null))
            throw Wrong(name, "is not a list of texts");
        return [.. member.EnumerateArray().Select(item => item.GetString()!)];
    }

    /// <summary>The values of coinbaseaux, not their names (BIP 22).</summary>
    public ReadOnlyMemory<byte> Aux()
    {
        if (!json.TryGetProperty("coinbaseaux", out var member) || member.ValueKind != JsonValueKind.Object)
            return default;
        var aux = new List<byte>();
        foreach (var flag in member.EnumerateObject())
            aux.AddRange((new TemplateReader(member, "coinbaseaux.").OptionalBytes(flag.Name) ?? default).Span);
        return aux.ToArray();
    }

    public IReadOnlyList<TemplateTransaction> Transactions()
    {
        if (!json.TryGetProperty("transactions", out var member) || member.ValueKind != JsonValueKind.Array)
            throw Wrong("transactions", "is missing or not a list");
        var transactions = new List<TemplateTransaction>(member.GetArrayLength());
        foreach (var item in member.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object)
                throw Wrong($"transactions[{transactions.Count}]", "is not an object");
            var reader = new TemplateReader(item, $"transactions[{transactions.Count}].");
            // Nodes before segwit have only "hash".
            var hasHash = item.TryGetProperty("hash", out _);
            var fee = reader.Figure("fee");
            var id = reader.Hash(hasHash && !item.TryGetProperty("txid", out _) ? "hash" : "txid");
            transactions.Add(new TemplateTransaction
            {
                Data = reader.OptionalBytes("data") ?? throw reader.Wrong("data", "is missing"),
                TxId = id,
                WitnessHash = hasHash ? reader.Hash("hash") : id,
                Fee = fee ?? 0,
                FeeIsKnown = fee is >= 0,
                Weight = reader.Figure("weight") ?? 0,
                Sigops = (int)Math.Clamp(reader.Figure("sigops") ?? 0, 0, int.MaxValue),
            });
        }
        return transactions;
    }

    // A string may hold half a surrogate pair, which is JSON but not text.
    private static string? Text(JsonElement member)
    {
        try
        {
            return member.ValueKind == JsonValueKind.String ? member.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private string Text(string name) => OptionalText(name) ?? throw Wrong(name, "is missing");

    private FormatException Wrong(string name, string what) => new($"getblocktemplate: {where}{name} {what}.");

    private static string Shorten(JsonElement member)
    {
        var text = member.GetRawText();
        return text.Length <= 40 ? text : text[..40] + "...";
    }
}
