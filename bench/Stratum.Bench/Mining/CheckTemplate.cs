using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Stratum.Mining;

namespace Stratum.Bench;

/// <summary>
/// What a template is checked for before its job goes out: 4 MB in 4,000 transactions with witness, each hashed with it
/// and without, and the commitment.
/// </summary>
public class CheckTemplate
{
    private const int Count = 4000;
    private const int WitnessSize = 860;
    private readonly BlockTemplate _template = NewTemplate();

    [GlobalSetup]
    public void Setup()
    {
        if (Ours() is { } wrong || Old() is not true)
            throw new InvalidOperationException("The template is not found to be fine.");
    }

    /// <summary>As it is written at first: the parts are copied out and joined anew.</summary>
    [Benchmark(Baseline = true)]
    public bool Old()
    {
        var hashes = new List<byte[]> { new byte[32] };
        var seen = new HashSet<string>();
        foreach (var one in _template.Transactions)
        {
            var data = one.Data.ToArray();
            byte[] stripped = [.. data[..4], .. data[6..^(WitnessSize + 10)], .. data[^4..]];
            var (hash, id) = (Twice(data), Twice(stripped));
            if (!hash.SequenceEqual(one.WitnessHash.ToArray()) || !id.SequenceEqual(one.TxId.ToArray())
                || !seen.Add(Convert.ToHexString(id)))
                return false;
            hashes.Add(hash);
        }
        return _template.WitnessCommitment!.Value.Span[6..].SequenceEqual(Twice([.. Root(hashes), .. new byte[32]]));
    }

    [Benchmark]
    public string? Ours() => TemplateCheck.FindContradiction(_template, Coin.Bitcoin);

    /// <summary>The job itself, to compare with.</summary>
    [Benchmark]
    public Stratum.Mining.Job MakeJob() => Stratum.Mining.Job.FromTemplate(
        _template, Coin.Bitcoin, Address.FromPublicKeyHash(new byte[20], Coin.Bitcoin.GetNetwork("mainnet")));

    private static BlockTemplate NewTemplate()
    {
        var transactions = new List<TemplateTransaction>(Count);
        for (var i = 0; i < Count; i++)
        {
            byte[] body =
            [
                1, .. Twice(BitConverter.GetBytes(i)), 0, 0, 0, 0, 0, 0xfd, 0xff, 0xff, 0xff,
                2, .. BitConverter.GetBytes(1000L), 22, 0, 20, .. new byte[20], .. BitConverter.GetBytes(2000L), 22, 0, 20,
                .. new byte[20],
            ];
            byte[] witness = [2, 1, 7, 0xfd, WitnessSize & 0xff, WitnessSize >> 8, .. new byte[WitnessSize]];
            byte[] data = [2, 0, 0, 0, 0, 1, .. body, .. witness, 0, 0, 0, 0];
            byte[] stripped = [2, 0, 0, 0, .. body, 0, 0, 0, 0];
            transactions.Add(new TemplateTransaction
            {
                Data = data, TxId = new Hash256(Twice(stripped)), WitnessHash = new Hash256(Twice(data)), Fee = 100,
            });
        }
        var root = Root([new byte[32], .. transactions.Select(one => one.WitnessHash.ToArray())]);
        return new BlockTemplate
        {
            Version = 0x20000000,
            PreviousBlock = Hash256.Zero,
            Transactions = transactions,
            CoinbaseValue = 312_500_000 + 100 * Count,
            Bits = new CompactTarget(0x1d00ffff),
            CurTime = 1_800_000_000,
            Height = 900_000,
            WitnessCommitment = (byte[])[0x6a, 0x24, 0xaa, 0x21, 0xa9, 0xed, .. Twice([.. root, .. new byte[32]])],
        };
    }

    private static byte[] Root(List<byte[]> level)
    {
        while (level.Count > 1)
        {
            if (level.Count % 2 == 1)
                level.Add(level[^1]);
            level = level.Chunk(2).Select(pair => Twice([.. pair[0], .. pair[1]])).ToList();
        }
        return level[0];
    }

    private static byte[] Twice(byte[] data) => SHA256.HashData(SHA256.HashData(data));
}
