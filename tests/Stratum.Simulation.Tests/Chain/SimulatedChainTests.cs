using Stratum.Mining;
using Stratum.Testing;

namespace Stratum.Simulation.Tests;

public sealed class SimulatedChainTests
{
    private readonly ManualTime _time = new();

    public static TheoryData<string> Coins => new(Coin.Known.Select(coin => coin.Name));

    private SimulatedChainOptions Options => new() { TimeProvider = _time };

    [Fact]
    public void Options_Default_AreThoseOfTheDocs()
    {
        var options = new SimulatedChainOptions();
        Assert.Equal("bitcoin", options.Coin.Name);
        Assert.Null(options.Network);
        Assert.Equal(TimeSpan.FromSeconds(1), options.BlockTime);
        Assert.Equal(TimeSpan.FromSeconds(5), options.JobInterval);
        Assert.Equal(3, options.TransactionsPerBlock);
        Assert.Null(options.MinimumDifficulty);
        Assert.Equal(1e9, options.MaximumDifficulty.Value);
        Assert.Equal(1, options.StartHeight);
        Assert.Equal(5_000_000_000, options.Subsidy);
        Assert.Equal(1UL, options.Seed);
        Assert.Equal(10_000, options.BlocksToKeep);
        Assert.False(options.FullBlocks);
        Assert.False(options.LegacyOnly);
        Assert.Equal(0x20000000u, options.Version);
        Assert.Equal(0u, options.VersionBitsRequired);
        Assert.Empty(options.VersionBitsAvailable);
        Assert.True(options.CoinbaseFlags.IsEmpty);
        Assert.Null(options.SignetChallenge);
        Assert.Null(options.MwebHeight);
        Assert.Equal(TimeSpan.FromMinutes(10), options.FirstBlockAge);
        Assert.Same(TimeProvider.System, options.TimeProvider);
    }

    [Fact]
    public void Constructor_ImpossibleOptions_SaysWhich()
    {
        var error = Assert.Throws<ArgumentException>(() => new SimulatedChain(Options with { BlockTime = default }));
        Assert.Contains("BlockTime", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new SimulatedChain(Options with { JobInterval = default }));
        Assert.Throws<ArgumentException>(() => new SimulatedChain(Options with { StartHeight = 0 }));
        Assert.Throws<ArgumentException>(() => new SimulatedChain(Options with { Version = 3 }));
        Assert.Throws<ArgumentException>(() => new SimulatedChain(Options with { MwebHeight = 1 }));
        Assert.Throws<ArgumentException>(() => new SimulatedChain(
            Options with { LegacyOnly = true, SignetChallenge = new byte[] { 0x51 } }));
    }

    [Theory]
    [MemberData(nameof(Coins))]
    public void SubmitBlock_GoodBlocks_ExtendTheChain(string coin)
    {
        Assert.True(Coin.TryFind(coin, out var found));
        using var chain = new SimulatedChain(Options with { Coin = found! });
        var connected = new List<SimulatedBlock>();
        chain.BlockConnected += connected.Add;

        for (int i = 1; i <= 20; i++)
        {
            var template = chain.GetTemplate();
            Assert.Equal(i, template.Height);
            byte[] block = BlockDraft.Of(chain).Mine();
            Assert.Null(chain.SubmitBlock(block));
            Assert.Equal(i, chain.Height);
            Assert.Equal(block, chain.Tip.Bytes.ToArray());
            Assert.Equal(template.CoinbaseValue, chain.Tip.Reward);
            Assert.Equal(template.Transactions.Count + 1, chain.Tip.TransactionCount);
            Assert.Same(chain.Tip, chain.FindBlock(chain.Tip.Hash));
            Assert.Same(chain.Tip, chain.FindBlock(i));
            _time.Advance(TimeSpan.FromMilliseconds(700));
        }

        Assert.Equal(Enumerable.Range(1, 20).Select(i => (long)i), connected.Select(b => b.Height));
        Assert.Equal(21, chain.Confirmations(chain.FindBlock(0)!));
        Assert.Null(chain.FindBlock(21));
        Assert.Null(chain.FindBlock(-1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(128)]
    [InlineData(840_000)]
    public void StartHeight_AnyBorder_FirstBlockHasThatHeight(long height)
    {
        using var chain = new SimulatedChain(Options with { StartHeight = height });
        for (long next = height; next < height + 3; next++)
        {
            Assert.Equal(next, chain.GetTemplate().Height);
            Assert.Null(chain.SubmitBlock(BlockDraft.Of(chain).Mine()));
        }

        Assert.Null(chain.FindBlock(height - 2));
        Assert.Equal(height + 2, chain.Height);
    }

    [Fact]
    public void GetTemplate_SameSeedAndClock_IsTheSame()
    {
        string Run(ulong seed)
        {
            var time = new ManualTime();
            using var chain = new SimulatedChain(Options with { Seed = seed, TimeProvider = time });
            for (int i = 0; i < 5; i++)
            {
                Assert.Null(chain.SubmitBlock(BlockDraft.Of(chain).Mine()));
                time.Advance(TimeSpan.FromSeconds(7));
            }

            var template = chain.GetTemplate();
            return template.LongPollId + Convert.ToHexString(template.WitnessCommitment!.Value.Span);
        }

        Assert.Equal(Run(1), Run(1));
        Assert.NotEqual(Run(1), Run(2));
    }

    [Fact]
    public void GetTemplate_JobIntervalPasses_GrowsByOneTransactionAtTheSameHeight()
    {
        using var chain = new SimulatedChain(Options with { BlockTime = TimeSpan.FromHours(1) });
        int changes = 0;
        chain.TemplateChanged += () => changes++;
        var before = chain.GetTemplate();
        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Equal(before.LongPollId, chain.GetTemplate().LongPollId);

        _time.Advance(TimeSpan.FromSeconds(0.2));
        var after = chain.GetTemplate();
        Assert.Equal(1, changes);
        Assert.Equal(before.Height, after.Height);
        Assert.Equal(before.Transactions.Count + 1, after.Transactions.Count);
        Assert.NotEqual(before.LongPollId, after.LongPollId);
        Assert.False(before.WitnessCommitment!.Value.Span.SequenceEqual(after.WitnessCommitment!.Value.Span));
        Assert.Equal(before.CoinbaseValue + after.Transactions[^1].Fee, after.CoinbaseValue);

        // The older work is as good as ever.
        Assert.Null(chain.SubmitBlock(BlockDraft.Of(chain.Coin, before).Mine()));
        Assert.Contains(after.Transactions[^1].TxId, chain.GetTemplate().Transactions.Select(t => t.TxId));
        Assert.DoesNotContain(after.Transactions[0].TxId, chain.GetTemplate().Transactions.Select(t => t.TxId));
    }

    [Fact]
    public void GetTemplate_NobodyFindsBlocks_MempoolStaysBoundedAndKeepsChanging()
    {
        using var chain = new SimulatedChain(Options);
        _time.Advance(TimeSpan.FromHours(1));
        var full = chain.GetTemplate();
        Assert.InRange(full.Transactions.Count, 32, 200);

        _time.Advance(TimeSpan.FromSeconds(5));
        var changed = chain.GetTemplate();
        Assert.Equal(full.Transactions.Count, changed.Transactions.Count);
        Assert.NotEqual(full.LongPollId, changed.LongPollId);

        // A replaced transaction is still good in the work that carries it.
        Assert.Null(chain.SubmitBlock(BlockDraft.Of(chain.Coin, full).Mine()));
        Assert.Null(chain.SubmitBlock(BlockDraft.Of(chain).Mine()));
    }

    [Fact]
    public void GetTemplate_ManyBlocksInOneSecond_TimesStayAboveTheMedian()
    {
        using var chain = new SimulatedChain(Options);
        for (int i = 0; i < 40; i++)
        {
            Assert.NotNull(chain.GenerateBlock(new byte[] { 0x51 }));
        }

        var template = chain.GetTemplate();
        Assert.True(template.CurTime >= template.MinTime);
        Assert.True(template.MinTime > _time.GetUtcNow().ToUnixTimeSeconds() - 600);
        Assert.Null(chain.SubmitBlock(BlockDraft.Of(chain).Mine()));
    }

    [Fact]
    public void SubmitBlock_TimesRanHoursAheadOfTheClock_ChainGoesOn()
    {
        using var chain = new SimulatedChain(
            Options with { TransactionsPerBlock = 0, JobInterval = Timeout.InfiniteTimeSpan });
        long limit = _time.GetUtcNow().ToUnixTimeSeconds() + 7200;
        while (chain.GetTemplate().MinTime <= limit)
        {
            // The latest time that is allowed moves the median up as fast as can be.
            var draft = BlockDraft.Of(chain);
            draft.Time = Math.Max((uint)limit, draft.Time);
            Assert.Null(chain.SubmitBlock(draft.Mine()));
        }

        _time.Advance(TimeSpan.FromSeconds(40));
        for (int i = 0; i < 20; i++)
        {
            Assert.NotNull(chain.GenerateBlock(new byte[] { 0x51 }));
        }
    }

    [Fact]
    public async Task WaitForChangeAsync_TransactionArrives_Returns()
    {
        using var chain = new SimulatedChain(Options with { JobInterval = Timeout.InfiniteTimeSpan });
        await chain.WaitForChangeAsync("never heard of", TestContext.Current.CancellationToken);
        var waiting = chain.WaitForChangeAsync(chain.GetTemplate().LongPollId, TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        var added = chain.AddTransaction();
        await waiting;
        Assert.Equal(added, chain.GetTemplate().Transactions[^1].TxId);
    }

    [Fact]
    public async Task WaitForChangeAsync_NobodyFindsABlock_ReturnsWhenTheDifficultyFalls()
    {
        using var chain = new SimulatedChain(Options with { JobInterval = Timeout.InfiniteTimeSpan });
        for (int i = 0; i < 6; i++)
        {
            Assert.Null(chain.SubmitBlock(BlockDraft.Of(chain).Mine()));
        }

        var before = chain.GetTemplate();
        var waiting = chain.WaitForChangeAsync(before.LongPollId, TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromSeconds(3.1));
        await waiting;
        var after = chain.GetTemplate();
        Assert.Equal(before.PreviousBlock, after.PreviousBlock);
        Assert.True(after.Bits.ToTarget().CompareTo(before.Bits.ToTarget()) > 0);

        // Harder work than is asked for now was asked for above this tip a moment ago.
        Assert.Null(chain.SubmitBlock(BlockDraft.Of(chain.Coin, before).Mine()));
    }

    [Theory]
    [InlineData(1e3)]
    [InlineData(1e6)]
    [InlineData(1e8)]
    public void Difficulty_MinersOfAnyStrength_AboutABlockPerBlockTime(double hashRate)
    {
        // A block is to cost 4,000 real hashes whatever the rate: the chain's time scales instead.
        var blockTime = TimeSpan.FromSeconds(4_000 / hashRate);
        using var chain = new SimulatedChain(
            Options with { BlockTime = blockTime, JobInterval = TimeSpan.FromHours(1) });
        Mine(chain, 30, hashRate);
        var start = _time.GetUtcNow();
        Mine(chain, 100, hashRate);
        Assert.InRange((_time.GetUtcNow() - start) / blockTime / 100, 0.7, 1.4);

        // A hundredth of the miners are left: the first block within some 15 block times, then the pace again.
        start = _time.GetUtcNow();
        Mine(chain, 1, hashRate / 100);
        Assert.InRange((_time.GetUtcNow() - start) / blockTime, 0, 17);
        Mine(chain, 20, hashRate / 100);
        start = _time.GetUtcNow();
        Mine(chain, 100, hashRate / 100);
        Assert.InRange((_time.GetUtcNow() - start) / blockTime / 100, 0.7, 1.4);
    }

    [Fact]
    public void Difficulty_Minimum_IsNeverGoneBelow()
    {
        var minimum = new Difficulty(1e-6);
        using var chain = new SimulatedChain(Options with { MinimumDifficulty = minimum });
        Assert.InRange(chain.Difficulty.Value, 1e-6, 1.0001e-6);
        Assert.NotNull(chain.GenerateBlock(new byte[] { 0x51 }));
        _time.Advance(TimeSpan.FromHours(5));
        Assert.InRange(chain.Difficulty.Value, 1e-6, 1.0001e-6);
    }

    [Fact]
    public void SubmitBlock_MoreBlocksThanAreKept_ForgetsBytesAndKeepsHeaders()
    {
        using var chain = new SimulatedChain(Options with { BlocksToKeep = 3 });
        for (int i = 0; i < 6; i++)
        {
            Assert.NotNull(chain.GenerateBlock(new byte[] { 0x51 }));
        }

        Assert.False(chain.FindBlock(4)!.Bytes.IsEmpty);
        Assert.True(chain.FindBlock(3)!.Bytes.IsEmpty);
        Assert.Equal(3, chain.FindBlock(chain.FindBlock(3)!.Hash)!.Height);
    }

    [Fact]
    public void GenerateBlock_TooFewTries_GivesUp()
    {
        using var chain = new SimulatedChain(Options with { MinimumDifficulty = new Difficulty(1) });
        Assert.Null(chain.GenerateBlock(new byte[] { 0x51 }, maxTries: 100));
        Assert.Equal(0, chain.Height);
    }

    /// <summary>Real hashing; each hash takes a share of the manual clock's time.</summary>
    private void Mine(SimulatedChain chain, int blocks, double hashRate)
    {
        long end = chain.Height + blocks;
        while (chain.Height < end)
        {
            // In steps of a fraction of the block time: miners take new templates while the difficulty falls.
            long tries = Math.Max(1, (long)(hashRate * chain.Options.BlockTime.TotalSeconds / 20));
            long left = tries;
            var template = chain.GetTemplate();
            var draft = BlockDraft.Of(chain, request => request with { Tag = $"/{_time.GetTimestamp()}/" });
            byte[]? block = draft.TryMine(ref left);
            _time.Advance((tries - left) / hashRate * TimeSpan.FromSeconds(1));
            if (block is not null)
            {
                Assert.Contains(chain.SubmitBlock(block), new[] { null, "duplicate" });
            }
        }
    }
}
