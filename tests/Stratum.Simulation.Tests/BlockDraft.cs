using Stratum.Mining;

namespace Stratum.Simulation.Tests;

/// <summary>A block in the making: good as it is, and wrong in whatever a test changes.</summary>
internal sealed class BlockDraft
{
    private readonly Coin _coin;
    private readonly BlockTemplate _template;

    private BlockDraft(Coin coin, BlockTemplate template, Func<CoinbaseRequest, CoinbaseRequest>? change)
    {
        _coin = coin;
        _template = template;
        var request = new CoinbaseRequest
        {
            Height = template.Height,
            Tag = "/test/",
            Outputs = [new CoinbaseOutput(template.CoinbaseValue, new byte[] { 0x51 })],
            WitnessCommitment = template.WitnessCommitment,
        };
        var coinbase = CoinbaseBuilder.Build(change?.Invoke(request) ?? request);
        var extranonce = new Extranonce(new byte[coinbase.ExtranonceSize]);
        StrippedCoinbase = coinbase.Assemble(extranonce, default, withWitness: false);
        WholeCoinbase = coinbase.Assemble(extranonce, default, withWitness: coinbase.HasWitness);
        Transactions = [.. template.Transactions];
        Version = template.Version;
        Previous = template.PreviousBlock;
        Time = template.CurTime;
        Bits = template.Bits;
        Mweb = template.Mweb;
    }

    public byte[] StrippedCoinbase { get; set; }
    public byte[] WholeCoinbase { get; set; }
    public List<TemplateTransaction> Transactions { get; }
    public uint Version { get; set; }
    public Hash256 Previous { get; set; }
    public Hash256? MerkleRoot { get; set; }
    public uint Time { get; set; }
    public CompactTarget Bits { get; set; }
    public ReadOnlyMemory<byte>? Mweb { get; set; }

    /// <summary>Searches for a hash that does not meet the bits.</summary>
    public bool MissTarget { get; set; }

    public static BlockDraft Of(SimulatedChain chain, Func<CoinbaseRequest, CoinbaseRequest>? change = null) =>
        new(chain.Coin, chain.GetTemplate(), change);

    public static BlockDraft Of(
        Coin coin, BlockTemplate template, Func<CoinbaseRequest, CoinbaseRequest>? change = null) =>
        new(coin, template, change);

    /// <summary>The block with a nonce that suits.</summary>
    public byte[] Mine()
    {
        long tries = uint.MaxValue;
        return TryMine(ref tries) ?? throw new InvalidOperationException("No nonce suits.");
    }

    /// <summary>The block, or null after that many hashes; what is left of them is left.</summary>
    public byte[]? TryMine(ref long tries)
    {
        var root = MerkleRoot ?? MerkleBranch.RootOf(
            [Sha256d.Hash(StrippedCoinbase), .. Transactions.Select(t => t.TxId)]);
        byte[] header = new byte[BlockHeader.Size];
        byte[] hash = new byte[32];
        var target = Bits.ToTarget();
        for (uint nonce = 0; tries > 0; nonce++)
        {
            tries--;
            new BlockHeader(Version, Previous, root, Time, Bits, nonce).Write(header);
            _coin.ProofOfWork(header, hash);
            if (target.IsMetBy(new Hash256(hash)) != MissTarget)
            {
                return Block.Assemble(
                    header, WholeCoinbase, _template with { Transactions = Transactions, Mweb = Mweb });
            }
        }

        return null;
    }
}
