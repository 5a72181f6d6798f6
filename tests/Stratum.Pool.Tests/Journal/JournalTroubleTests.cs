using Stratum.Testing;
using static Stratum.Pool.Tests.JournalFixture;

namespace Stratum.Pool.Tests;

/// <summary>A disk that hangs, refuses or tears delays nobody, loses nothing that was written, and is told of.</summary>
public class JournalTroubleTests
{
    private static readonly BlockJournalOptions s_quick = new() { SlowAfter = TimeSpan.FromMilliseconds(50), StopTimeout = Patience };

    [Fact]
    public async Task AddAsync_DiskHangs_ReturnsAtOnceAndIsToldAsSlowThenWell()
    {
        using var folder = new TempFolder();
        using var journal = Open(folder, s_quick, out var disk);
        var troubles = TroublesOf(journal);
        disk.Hang();
        var adding = Enumerable.Range(0, 3).Select(number => journal.AddAsync(Block(number))).ToList();
        var slow = await NextAsync(troubles);
        Assert.Equal(JournalTroubleKind.Slow, slow.Kind);
        Assert.Contains(folder.Journal(), slow.Text);
        Assert.Contains("0.05 s", slow.Text);
        Assert.All(adding, task => Assert.False(task.IsCompleted));
        Assert.Empty(journal.Entries);
        Assert.Empty(BlockJournal.Read(folder.Journal()).Entries);
        disk.GoOn();
        await Task.WhenAll(adding).WaitAsync(Patience);
        Assert.Equal(JournalTroubleKind.Well, (await NextAsync(troubles)).Kind);
        AssertHolds(BlockJournal.Read(folder.Journal()), 0, 1, 2);
    }

    [Fact]
    public async Task AddAsync_FlushHangs_WritesGoOnAndOneFlushServesThemAll()
    {
        using var folder = new TempFolder();
        using var journal = Open(folder, s_quick, out var disk);
        await WaitAsync(() => disk.Flushes > 0);
        disk.HangFlush();
        var before = disk.Flushes;
        await Task.WhenAll(Enumerable.Range(0, 100).Select(number => journal.AddAsync(Block(number)))).WaitAsync(Patience);
        AssertHolds(BlockJournal.Read(folder.Journal()), [.. Enumerable.Range(0, 100)]);
        disk.GoOnFlush();
        journal.Dispose();
        Assert.InRange(disk.Flushes - before, 1, 2);
    }

    [Fact]
    public async Task AddAsync_FlushHangs_IsToldThenWell()
    {
        using var folder = new TempFolder();
        using var journal = Open(folder, s_quick with { FlushSlowAfter = TimeSpan.FromMilliseconds(50) }, out var disk);
        await WaitAsync(() => disk.Flushes > 0);
        var troubles = TroublesOf(journal);
        disk.HangFlush();
        await journal.AddAsync(Block(0)).WaitAsync(Patience);
        var slow = await NextAsync(troubles);
        Assert.Equal(JournalTroubleKind.FlushSlow, slow.Kind);
        Assert.Contains(folder.Journal(), slow.Text);
        disk.GoOnFlush();
        Assert.Equal(JournalTroubleKind.Well, (await NextAsync(troubles)).Kind);
    }

    [Fact]
    public async Task AddAsync_FlushFails_WrittenAndToldOnceThenWell()
    {
        using var folder = new TempFolder();
        using var journal = Open(folder, s_quick with { SlowAfter = Patience }, out var disk);
        await WaitAsync(() => disk.Flushes > 0);
        var troubles = TroublesOf(journal);
        disk.FlushFailure = new IOException("broken", 5);
        for (var number = 0; number < 5; number++)
        {
            var before = disk.Flushes;
            await journal.AddAsync(Block(number)).WaitAsync(Patience);
            await WaitAsync(() => disk.Flushes > before);
        }
        disk.FlushFailure = null;
        await journal.AddAsync(Block(5)).WaitAsync(Patience);
        var failed = await NextAsync(troubles);
        Assert.Equal(JournalTroubleKind.FlushFailed, failed.Kind);
        Assert.Contains("I/O error", failed.Text);
        Assert.Equal(JournalTroubleKind.Well, (await NextAsync(troubles)).Kind);
        AssertHolds(BlockJournal.Read(folder.Journal()), 0, 1, 2, 3, 4, 5);
    }

    [Theory]
    [InlineData(28, "the disk is full", JournalProblem.Failed)]
    [InlineData(122, "quota", JournalProblem.Failed)]
    [InlineData(5, "I/O error", JournalProblem.Failed)]
    [InlineData(30, "read-only", JournalProblem.NotAllowed)]
    public async Task AddAsync_WriteFailsMidway_SaysWhyAndTheNextTakesItsPlace(int errno, string words, JournalProblem problem)
    {
        using var folder = new TempFolder();
        using var journal = Open(folder, s_quick with { SlowAfter = Patience }, out var disk);
        var troubles = TroublesOf(journal);
        await journal.AddAsync(Block(0)).WaitAsync(Patience);
        var end = journal.Entries[0].RecordEnd;
        disk.WriteFailure = (new IOException("no", errno), 250);
        for (var tries = 0; tries < 3; tries++)
        {
            // The same block may be given again after it failed.
            var error = await Assert.ThrowsAsync<JournalException>(() => journal.AddAsync(Block(1, 1000)).WaitAsync(Patience));
            Assert.Equal(problem, error.Problem);
            Assert.Contains(words, error.Message);
        }
        await Assert.ThrowsAsync<JournalException>(() => journal.RecordAsync(Hash(1), BlockState.Accepted, true, "d", null, 1));
        Assert.Equal(JournalTroubleKind.WriteFailed, (await NextAsync(troubles)).Kind);
        AssertHolds(BlockJournal.Read(folder.Journal()), 0);
        disk.WriteFailure = null;
        await journal.AddAsync(Block(2, 80)).WaitAsync(Patience);
        Assert.Equal(JournalTroubleKind.Well, (await NextAsync(troubles)).Kind);
        await journal.AddAsync(Block(1, 1000)).WaitAsync(Patience);
        await journal.RecordAsync(Hash(1), BlockState.Accepted, true, "d", null, 1).WaitAsync(Patience);
        Assert.Equal(end, journal.Entries[1].RecordOffset);
        var contents = BlockJournal.Read(folder.Journal());
        AssertHolds(contents, 0, 2, 1);
        Assert.Empty(contents.Damage);
        Assert.Equal(BlockState.Accepted, contents.Entries[2].State);
    }

    [Fact]
    public async Task Open_AfterAFailedWriteWasTheLast_TheRestIsSkippedAndWritingGoesOn()
    {
        using var folder = new TempFolder();
        using (var journal = Open(folder, s_quick, out var disk))
        {
            await journal.AddAsync(Block(0)).WaitAsync(Patience);
            disk.WriteFailure = (new IOException("no", 28), 500);
            await Assert.ThrowsAsync<JournalException>(() => journal.AddAsync(Block(1, 1000)));
        }
        await WriteAsync(folder.Journal(), Block(2));
        var contents = BlockJournal.Read(folder.Journal());
        AssertHolds(contents, 0, 2);
        Assert.Equal(500, Assert.Single(contents.Damage).Length);
    }

    [Fact]
    public async Task AddAsync_TooManyOrTooMuchWaits_FailsAtOnceAndSaysSo()
    {
        using var folder = new TempFolder();
        using var journal = Open(folder, s_quick with { MaxWaitingRecords = 3, MaxWaitingBytes = 10_000 }, out var disk);
        disk.Hang();
        var adding = new List<Task> { journal.AddAsync(Block(0)) };
        await disk.WriteReached.Task.WaitAsync(Patience);
        adding.Add(journal.AddAsync(Block(1, 9_000)));
        await FailsAsync(journal.AddAsync(Block(2, 1_001)));
        adding.Add(journal.AddAsync(Block(3, 1_000)));
        adding.Add(journal.RecordAsync(Hash(0), BlockState.Accepted, true, "d", null, 1));
        await FailsAsync(journal.RecordAsync(Hash(0), BlockState.Accepted, true, "d", null, 2));
        disk.GoOn();
        await Task.WhenAll(adding).WaitAsync(Patience);
        await journal.AddAsync(Block(2, 20_000)).WaitAsync(Patience);
        AssertHolds(BlockJournal.Read(folder.Journal()), 0, 1, 3, 2);

        static async Task FailsAsync(Task task)
        {
            Assert.True(task.IsFaulted);
            Assert.Equal(JournalProblem.Behind, (await Assert.ThrowsAsync<JournalException>(() => task)).Problem);
        }
    }

    [Fact]
    public async Task Dispose_DiskHangs_FailsWhatWaitsAndKeepsTheLockUntilTheWriteReturned()
    {
        using var folder = new TempFolder();
        var journal = Open(folder, s_quick with { StopTimeout = TimeSpan.FromMilliseconds(50) }, out var disk);
        disk.Hang();
        var first = journal.AddAsync(Block(0));
        await disk.WriteReached.Task.WaitAsync(Patience);
        var second = journal.AddAsync(Block(1));
        journal.Dispose();
        foreach (var task in new[] { first, second })
            Assert.Equal(JournalProblem.Closed, (await Assert.ThrowsAsync<JournalException>(() => task)).Problem);
        Assert.Equal(JournalProblem.Locked, Assert.Throws<JournalException>(() => BlockJournal.Open(folder.Journal())).Problem);
        disk.GoOn();
        await WaitAsync(() => CanOpen(folder.Journal()));
        AssertHolds(BlockJournal.Read(folder.Journal()), 0);
    }

    [Fact]
    public async Task Troubled_AHandlerThrows_TheOthersHearOfItAndWritingGoesOn()
    {
        using var folder = new TempFolder();
        using var journal = Open(folder, s_quick, out var disk);
        journal.Troubled += _ => throw new InvalidOperationException("a handler");
        var troubles = TroublesOf(journal);
        disk.WriteFailure = (new IOException("no", 28), 0);
        await Assert.ThrowsAsync<JournalException>(() => journal.AddAsync(Block(0)));
        disk.WriteFailure = null;
        await journal.AddAsync(Block(0)).WaitAsync(Patience);
        Assert.Equal(JournalTroubleKind.WriteFailed, (await NextAsync(troubles)).Kind);
        Assert.Equal(JournalTroubleKind.Well, (await NextAsync(troubles)).Kind);
    }

    [Fact]
    public async Task Troubled_AHandlerWaitsForAWrite_ItIsNotOnTheWritersThread()
    {
        using var folder = new TempFolder();
        using var journal = Open(folder, s_quick, out var disk);
        var waited = new TaskCompletionSource();
        journal.Troubled += trouble =>
        {
            if (trouble.Kind == JournalTroubleKind.WriteFailed)
            {
                disk.WriteFailure = null;
                if (journal.AddAsync(Block(1)).Wait(Patience))
                    waited.TrySetResult();
            }
        };
        disk.WriteFailure = (new IOException("no", 28), 0);
        await Assert.ThrowsAsync<JournalException>(() => journal.AddAsync(Block(0)));
        await waited.Task.WaitAsync(Patience);
    }

    private static BlockJournal Open(TempFolder folder, BlockJournalOptions options, out MoodyDisk disk)
    {
        MoodyDisk? made = null;
        var journal = BlockJournal.Open(folder.Journal(), options, handle => made = new MoodyDisk(handle));
        disk = made!;
        return journal;
    }

    private static bool CanOpen(string file)
    {
        try
        {
            BlockJournal.Open(file).Dispose();
            return true;
        }
        catch (JournalException)
        {
            return false;
        }
    }
}
