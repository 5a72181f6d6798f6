using Stratum.Testing;
using static Stratum.Pool.Tests.JournalFixture;

namespace Stratum.Pool.Tests;

/// <summary>What is written is there, for this process and the next.</summary>
public class BlockJournalTests
{
    [Fact]
    public async Task AddAsync_Done_TheBlockIsInTheFile()
    {
        using var folder = new TempFolder();
        using var journal = BlockJournal.Open(folder.Journal());
        await journal.AddAsync(Block(1)).WaitAsync(Patience);

        var contents = BlockJournal.Read(folder.Journal());
        AssertHolds(contents, 1);
        Assert.Empty(contents.Damage);
        Assert.Equal(1, contents.Version);
        var entry = Assert.Single(journal.Entries);
        Assert.Equal((BlockState.Found, true, 100), (entry.State, entry.IsOpen, entry.Length));
        Assert.Equal(entry.FoundAt, entry.ChangedAt);
        Assert.Equal(Block(1).Bytes.ToArray(), journal.ReadBlock(entry).ToArray());
    }

    [Fact]
    public async Task Open_Again_TheLastStateOfEachBlockIsThere()
    {
        using var folder = new TempFolder();
        using (var journal = BlockJournal.Open(folder.Journal()))
        {
            for (var number = 1; number <= 4; number++)
                _ = journal.AddAsync(Block(number));
            _ = journal.RecordAsync(Hash(1), BlockState.Accepted, true, "a:1", null, 1);
            _ = journal.RecordAsync(Hash(2), BlockState.LostRace, true, "b:2", "inconclusive", 0);
            // These two close an entry by themselves.
            _ = journal.RecordAsync(Hash(3), BlockState.Refused, true, "b:2", "high-hash", 0);
            await journal.RecordAsync(Hash(1), BlockState.Deep, true, "a:1", null, 6).WaitAsync(Patience);
            Check(journal.Entries);
        }
        using var again = BlockJournal.Open(folder.Journal());
        Check(again.Entries);
        Check(BlockJournal.Read(folder.Journal()).Entries);
        Assert.Equal(Block(3).Bytes.ToArray(), again.ReadBlock(again.Entries[2]).ToArray());

        static void Check(IReadOnlyList<JournalEntry> entries)
        {
            Assert.Equal(
                [
                    (BlockState.Deep, false, 6, "a:1", null), (BlockState.LostRace, true, 0, "b:2", "inconclusive"),
                    (BlockState.Refused, true, 0, "b:2", "high-hash"), (BlockState.Found, true, 0, (string?)null, null),
                ],
                entries.Select(entry => (entry.State, entry.IsOpen, entry.Confirmations, entry.Daemon, entry.Reason)));
            Assert.True(entries[0].ChangedAt > entries[0].FoundAt);
        }
    }

    [Fact]
    public async Task AddAsync_TheSameBlockTwice_WrittenOnce()
    {
        using var folder = new TempFolder();
        using var journal = BlockJournal.Open(folder.Journal());
        await Task.WhenAll(journal.AddAsync(Block(1)), journal.AddAsync(Block(1))).WaitAsync(Patience);
        var length = new FileInfo(folder.Journal()).Length;
        await journal.AddAsync(Block(1)).WaitAsync(Patience);
        Assert.Equal(length, new FileInfo(folder.Journal()).Length);
        AssertHolds(BlockJournal.Read(folder.Journal()), 1);
    }

    [Fact]
    public async Task AddAsync_FromManyThreads_AllAreThere()
    {
        using var folder = new TempFolder();
        using var journal = BlockJournal.Open(folder.Journal());
        await Task.WhenAll(Enumerable.Range(0, 200).Select(number => Task.Run(() => journal.AddAsync(Block(number, 5000))))).WaitAsync(Patience);
        var contents = BlockJournal.Read(folder.Journal());
        Assert.Empty(contents.Damage);
        AssertHolds(contents, [.. contents.Entries.Select(entry => (int)entry.Height - 100)]);
        Assert.Equal(Enumerable.Range(100, 200).Select(height => (long)height), contents.Entries.Select(entry => entry.Height).Order());
    }

    [Theory]
    [InlineData(79)]
    [InlineData((64 << 20) + 1)]
    public void AddAsync_NoBlocksSize_Refused(int size)
    {
        using var folder = new TempFolder();
        using var journal = BlockJournal.Open(folder.Journal());
        Assert.Contains("80 bytes", Assert.Throws<ArgumentException>(() => { _ = journal.AddAsync(Block(1, size)); }).Message);
    }

    [Theory]
    [InlineData(80)]
    [InlineData(4_000_000)]
    [InlineData(64 << 20)]
    public async Task AddAsync_SmallestAndLargestBlock_ReadBack(int size)
    {
        using var folder = new TempFolder();
        await WriteAsync(folder.Journal(), Block(1, size), Block(2));
        AssertHolds(BlockJournal.Read(folder.Journal()), 1, 2);
    }

    [Fact]
    public async Task RecordAsync_LongAndStrangeTexts_CutAndReadBack()
    {
        using var folder = new TempFolder();
        using var journal = BlockJournal.Open(folder.Journal());
        // A pair of surrogates lies across the cut.
        var text = new string('\u0001', 999) + string.Concat(Enumerable.Repeat("\U0001F600", 5000));
        await journal.AddAsync(Block(1) with { Worker = text }).WaitAsync(Patience);
        await journal.RecordAsync(Hash(1), BlockState.Refused, false, text, text, 0).WaitAsync(Patience);
        var contents = BlockJournal.Read(folder.Journal());
        Assert.Empty(contents.Damage);
        var entry = Assert.Single(contents.Entries);
        Assert.All([entry.Worker, entry.Daemon, entry.Reason], read => Assert.StartsWith(text[..999], read));
        Assert.All([entry.Worker, entry.Daemon, entry.Reason], read => Assert.InRange(read!.Length, 999, 1000));
    }

    [Fact]
    public async Task RecordAsync_ABlockThatIsNotThere_FailsAndSaysSo()
    {
        using var folder = new TempFolder();
        using var journal = BlockJournal.Open(folder.Journal());
        var error = await Assert.ThrowsAsync<JournalException>(() => journal.RecordAsync(Hash(1), BlockState.Accepted, true, "d", null, 1));
        Assert.Equal(JournalProblem.NoBlock, error.Problem);
        Assert.Contains(Hash(1).ToString(), error.Message);
        Assert.Empty(BlockJournal.Read(folder.Journal()).Damage);
    }

    [Fact]
    public async Task Dispose_RecordsWait_AllAreWritten()
    {
        using var folder = new TempFolder();
        Task[] adding;
        using (var journal = BlockJournal.Open(folder.Journal(), new BlockJournalOptions { StopTimeout = Patience }))
            adding = [.. Enumerable.Range(0, 50).Select(number => journal.AddAsync(Block(number, 200_000)))];
        Assert.All(adding, task => Assert.True(task.IsCompleted));
        await Task.WhenAll(adding);
        AssertHolds(BlockJournal.Read(folder.Journal()), [.. Enumerable.Range(0, 50)]);
    }

    [Fact]
    public async Task AddAsync_AfterDispose_FailsAndSaysSo()
    {
        using var folder = new TempFolder();
        var journal = BlockJournal.Open(folder.Journal());
        journal.Dispose();
        journal.Dispose();
        var error = await Assert.ThrowsAsync<JournalException>(() => journal.AddAsync(Block(1)));
        Assert.Equal(JournalProblem.Closed, error.Problem);
    }

    [Fact]
    public async Task Read_TenThousandBlocks_AllAreThere()
    {
        using var folder = new TempFolder();
        const int Blocks = 10_000;
        using (var journal = BlockJournal.Open(folder.Journal(), new BlockJournalOptions { MaxWaitingRecords = 2 * Blocks, StopTimeout = Patience }))
        {
            for (var number = 0; number < Blocks; number++)
            {
                _ = journal.AddAsync(Block(number, 300));
                _ = journal.RecordAsync(Hash(number), number % 2 == 0 ? BlockState.Deep : BlockState.Accepted, true, "d", null, 1);
            }
        }
        var contents = BlockJournal.Read(folder.Journal());
        Assert.Empty(contents.Damage);
        Assert.Equal(Blocks, contents.Entries.Count);
        Assert.Equal(Blocks / 2, contents.Entries.Count(entry => entry.IsOpen));
        using var again = BlockJournal.Open(folder.Journal());
        Assert.Equal(contents.Entries, again.Entries);
        await again.AddAsync(Block(Blocks)).WaitAsync(Patience);
    }

    [Fact]
    public void Options_Defaults_AreThese()
    {
        var options = new BlockJournalOptions();
        Assert.Equal(TimeSpan.FromSeconds(1), options.SlowAfter);
        Assert.Equal(TimeSpan.FromSeconds(5), options.StopTimeout);
        Assert.Equal(256L * 1024 * 1024, options.MaxWaitingBytes);
        Assert.Equal(10_000, options.MaxWaitingRecords);
        Assert.Null(options.LoggerFactory);
    }
}
