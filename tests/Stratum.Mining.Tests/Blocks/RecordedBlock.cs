using System.Buffers.Binary;

namespace Stratum.Mining.Tests;

/// <summary>A block that a node accepted, taken apart by hand-written steps of its own.</summary>
internal sealed class RecordedBlock
{
    public RecordedBlock(string blockFile, string templateFile)
    {
        Bytes = Vectors.Bytes(blockFile);
        Template = BlockTemplate.FromJson(Vectors.Json(templateFile));
        // Fewer than 253 transactions: the count is the one byte behind the header.
        var at = 81;
        var start = at;
        at += 4 + 2 + 1 + 36; // version, marker and flag, one input: previous output
        ScriptSig = Take(ref at);
        at += 4;
        for (var outputs = Bytes[at++]; outputs > 0; outputs--)
        {
            var value = BinaryPrimitives.ReadInt64LittleEndian(Bytes.AsSpan(at));
            at += 8;
            Outputs.Add(new CoinbaseOutput(value, Take(ref at)));
        }
        at += 1 + 1 + 32 + 4; // one witness item of 32 bytes, lock time
        Coinbase = Bytes[start..at];
    }

    public static TheoryData<string, string> Files => new()
    {
        { "bitcoin-block-h102-tx.hex", "bitcoin-gbt-h102-tx.json" },
        { "litecoin-block-h102-pre-mweb-3tx.hex", "litecoin-gbt-h102-pre-mweb-tx.json" },
        { "litecoin-block-h432-first-mweb.hex", "litecoin-gbt-h432-first-mweb-pegin.json" },
    };

    public byte[] Bytes { get; }

    public byte[] Header => Bytes[..80];

    public byte[] Coinbase { get; }

    public byte[] ScriptSig { get; }

    public List<CoinbaseOutput> Outputs { get; } = [];

    public BlockTemplate Template { get; }

    private byte[] Take(ref int at)
    {
        var length = Bytes[at++];
        at += length;
        return Bytes[(at - length)..at];
    }
}
