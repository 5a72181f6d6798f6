using Stratum.Mining;
using Stratum.Testing;

namespace Stratum.Simulation.Tests;

/// <summary>Templates by option, and that their blocks are taken.</summary>
public sealed class TemplateKindTests
{
    private static readonly byte[] PayTo = [0x51];
    private readonly ManualTime _time = new();

    private SimulatedChainOptions Options => new() { TimeProvider = _time };

    public static TheoryData<string, string> Networks =>
        new(Coin.Known.SelectMany(coin => coin.Networks, (coin, network) => (coin.Name, network.Name)));

    [Theory]
    [MemberData(nameof(Networks))]
    public void Network_Any_BlocksAreMinedAndBlock0IsItsGenesis(string coinName, string networkName)
    {
        Assert.True(Coin.TryFind(coinName, out var coin));
        var network = coin!.GetNetwork(networkName);
        using var chain = new SimulatedChain(Options with { Coin = coin, Network = network });
        Assert.Equal(network.GenesisHash, chain.FindBlock(0)!.Hash);
        Assert.Equal(network.GenesisHash, chain.GetTemplate().PreviousBlock);
        Assert.Null(chain.SubmitBlock(BlockDraft.Of(chain).Mine()));
        Assert.NotNull(chain.GenerateBlock(PayTo));
        Assert.Equal(networkName == "signet", chain.GetTemplate().Rules.Contains("!signet"));
    }

    [Fact]
    public void SignetChallenge_Other_BlockWithoutSolutionIsRefused()
    {
        using var chain = new SimulatedChain(Options with
        {
            Network = Coin.Bitcoin.GetNetwork("signet"),
            SignetChallenge = new byte[] { 0x51, 0x21 },
        });
        Assert.Equal("bad-signet-blksig", chain.SubmitBlock(BlockDraft.Of(chain).Mine()));
        Assert.NotNull(chain.GenerateBlock(PayTo));
        var signed = BlockDraft.Of(chain, r => r with
        {
            WitnessCommitment = (byte[])[.. r.WitnessCommitment!.Value.Span, 5, 0xec, 0xc7, 0xda, 0xa2, 0],
        });
        Assert.Null(chain.SubmitBlock(signed.Mine()));
    }

    [Fact]
    public void LegacyOnly_Template_NoWitnessAnywhere()
    {
        using var chain = new SimulatedChain(Options with { LegacyOnly = true, TransactionsPerBlock = 10 });
        var template = chain.GetTemplate();
        Assert.Null(template.WitnessCommitment);
        Assert.Equal(["csv"], template.Rules);
        Assert.Equal(10, template.Transactions.Count);
        Assert.All(template.Transactions, t => Assert.Equal(t.TxId, t.WitnessHash));
        Assert.Null(chain.SubmitBlock(BlockDraft.Of(chain).Mine()));
    }

    [Fact]
    public void NoTransactions_Template_IsEmptyAndMined()
    {
        using var chain = new SimulatedChain(
            Options with { TransactionsPerBlock = 0, JobInterval = Timeout.InfiniteTimeSpan });
        Assert.Empty(chain.GetTemplate().Transactions);
        Assert.Null(chain.SubmitBlock(BlockDraft.Of(chain).Mine()));
        Assert.Empty(chain.GetTemplate().Transactions);
    }

    [Fact]
    public void FullBlocks_Template_ThousandsOfTransactionsNearTheLimitAndMined()
    {
        using var chain = new SimulatedChain(Options with { FullBlocks = true });
        for (int i = 0; i < 2; i++)
        {
            var template = chain.GetTemplate();
            Assert.InRange(template.Transactions.Sum(t => t.Weight), 3_990_000, 3_996_000);
            Assert.InRange(template.Transactions.Count, 4000, 8000);
            Assert.InRange(template.Transactions.Sum(t => t.Sigops), 0, 80_000);
            Assert.Null(chain.SubmitBlock(BlockDraft.Of(chain).Mine()));
        }

        // What fell out comes back beside what waits: the template holds what fits.
        Assert.True(chain.InvalidateBlock(chain.Tip.Hash));
        Assert.InRange(chain.GetTemplate().Transactions.Sum(t => t.Weight), 3_990_000, 3_996_000);
        Assert.Null(chain.SubmitBlock(BlockDraft.Of(chain, r => r with { Tag = "/again/" }).Mine()));
        string before = chain.GetTemplate().LongPollId!;
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.NotEqual(before, chain.GetTemplate().LongPollId);
        Assert.Null(chain.SubmitBlock(BlockDraft.Of(chain).Mine()));
    }

    [Fact]
    public void TransactionsPerBlock_Hundreds_AllInTheTemplate()
    {
        using var chain = new SimulatedChain(
            Options with { TransactionsPerBlock = 500, JobInterval = Timeout.InfiniteTimeSpan });
        Assert.Equal(500, chain.GetTemplate().Transactions.Count);
        Assert.Null(chain.SubmitBlock(BlockDraft.Of(chain).Mine()));
        Assert.Equal(500, chain.GetTemplate().Transactions.Count);
    }

    [Fact]
    public void Version_Signalling_IsInTheTemplateAndABlockTellsWhatItCarried()
    {
        using var chain = new SimulatedChain(
            Options with { Version = 0x30000010, VersionBitsRequired = 0x10 });
        var template = chain.GetTemplate();
        Assert.Equal((0x30000010u, 0x10u), (template.Version, template.VersionBitsRequired));
        Assert.Null(chain.SubmitBlock(BlockDraft.Of(chain).Mine()));
        Assert.Equal(0x30000010u, chain.Tip.Header.Version);
        var rolled = BlockDraft.Of(chain);
        rolled.Version = 0x20000000;
        Assert.Null(chain.SubmitBlock(rolled.Mine()));
        Assert.Equal(0x20000000u, chain.Tip.Header.Version);
    }

    [Fact]
    public void FirstBlockAge_BelowZero_TemplatesLieInTheFuture()
    {
        using var chain = new SimulatedChain(Options with { FirstBlockAge = TimeSpan.FromHours(-1) });
        for (int i = 0; i < 3; i++)
        {
            var template = chain.GetTemplate();
            long ahead = template.MinTime - _time.GetUtcNow().ToUnixTimeSeconds();
            Assert.InRange(ahead, 3600, 3610);
            Assert.Equal(template.MinTime, template.CurTime);
            Assert.Null(chain.SubmitBlock(BlockDraft.Of(chain).Mine()));
        }

        var early = BlockDraft.Of(chain);
        early.Time = (uint)_time.GetUtcNow().ToUnixTimeSeconds();
        Assert.Equal("time-too-old", chain.SubmitBlock(early.Mine()));
    }

    [Fact]
    public void CoinbaseFlags_Template_CarriesThemAndGeneratedBlocksDo()
    {
        using var chain = new SimulatedChain(Options with { CoinbaseFlags = "/P2SH/"u8.ToArray() });
        Assert.Equal("/P2SH/"u8.ToArray(), chain.GetTemplate().CoinbaseAux.ToArray());
        var block = chain.GenerateBlock(PayTo)!;
        var coinbase = BlockDecoder.Decode(block.Bytes, chain.Coin).Coinbase;
        Assert.True(coinbase.Inputs[0].Script.Span.IndexOf("/P2SH/"u8) > 0);
    }
}
