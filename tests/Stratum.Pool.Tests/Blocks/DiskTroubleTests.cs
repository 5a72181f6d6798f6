using Stratum.Mining;
using Stratum.Testing;

namespace Stratum.Pool.Tests;

/// <summary>A pool whose journal's disk is full or hangs: real file systems. Blocks go to the daemon all the same.</summary>
public class DiskTroubleTests
{
    [Fact]
    public async Task Block_DiskIsFull_ToldSubmittedAndWrittenWhenThereIsRoom()
    {
        using var disk = Mount.Memory("256k");
        // Blocks larger than what is left of the journal's last page.
        await using var world = await PoolWorld.CreateAsync(Coin.Bitcoin, chain: options => options with { TransactionsPerBlock = 100 },
            change: options => options with { JournalFile = disk.Journal });
        await world.Pool.StartAsync().WaitAsync(PoolWorld.Patience);
        await using var miner = await world.ConnectAsync();
        var ballast = Path.Combine(disk.Path, "ballast");
        Fill(ballast);
        var found = await miner.FindAsync(world.Chain.Tip.Hash);
        Assert.True((await miner.SubmitAsync(found)).IsAccepted);
        await PoolWorld.UntilAsync(() => world.Submitted.SingleOrDefault()?.Accepted == true, "accepted");
        await PoolWorld.UntilAsync(() => world.Notices.Any(text => text.Contains(disk.Journal)), "the disk is told of");
        Assert.Empty(BlockJournal.Read(disk.Journal).Entries);
        File.Delete(ballast);
        await PoolWorld.UntilAsync(() => BlockJournal.Read(disk.Journal).Entries is [{ State: BlockState.Accepted }], "written");
    }

    [Fact]
    public async Task Block_DiskHangs_SubmittedAfter50MillisecondsAndToldWhenItIsWritten()
    {
        using var disk = Mount.Disk();
        var time = new ManualTime();
        await using var world = await PoolWorld.CreateAsync(Coin.Bitcoin,
            change: options => options with { JournalFile = disk.Journal, TimeProvider = time });
        await world.Pool.StartAsync().WaitAsync(PoolWorld.Patience);
        await using var miner = await world.ConnectAsync();
        var found = await miner.FindAsync(world.Chain.Tip.Hash);
        using var ice = disk.Freeze();
        var answer = miner.SubmitAsync(found);
        await PoolWorld.UntilAsync(() => world.Notices.Any(text => text.Contains(disk.Journal)), "the disk is told of");
        Assert.Equal(0, world.Daemon.CallCount("submitblock"));
        time.Advance(TimeSpan.FromMilliseconds(49));
        Assert.Equal(0, world.Daemon.CallCount("submitblock"));
        time.Advance(TimeSpan.FromMilliseconds(1));
        await PoolWorld.UntilAsync(() => world.Chain.Tip.Hash == found.Hash, "the block in the chain");
        // Miners get their next work; only who found it waits for the word.
        await miner.FindAsync(found.Hash);
        Assert.False(answer.IsCompleted);
        Assert.Empty(world.Submitted);
        disk.Thaw();
        Assert.True((await answer).IsAccepted);
        await PoolWorld.UntilAsync(() => world.Submitted.SingleOrDefault()?.Accepted == true, "told");
        Assert.Contains(BlockJournal.Read(disk.Journal).Entries, entry => entry.Hash == found.Hash);
    }

    [Fact]
    public async Task Block_DiskHangsForLong_TheMinerIsAnsweredAfterTenSeconds()
    {
        using var disk = Mount.Disk();
        var time = new ManualTime();
        await using var world = await PoolWorld.CreateAsync(Coin.Bitcoin,
            change: options => options with { JournalFile = disk.Journal, TimeProvider = time });
        await world.Pool.StartAsync().WaitAsync(PoolWorld.Patience);
        await using var miner = await world.ConnectAsync();
        var found = await miner.FindAsync(world.Chain.Tip.Hash);
        using var ice = disk.Freeze();
        var answer = miner.SubmitAsync(found);
        await PoolWorld.UntilAsync(() => world.Notices.Any(text => text.Contains(disk.Journal)), "the disk is told of");
        time.Advance(TimeSpan.FromSeconds(9));
        await PoolWorld.UntilAsync(() => world.Chain.Tip.Hash == found.Hash, "the block in the chain");
        Assert.False(answer.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True((await answer).IsAccepted);
        disk.Thaw();
    }

    [Fact]
    public async Task Block_DiskHangsForLongAndThenRefuses_WrittenWhenItIsWell()
    {
        using var folder = new TempFolder();
        var time = new ManualTime();
        MoodyDisk? disk = null;
        await using var world = await PoolWorld.CreateAsync(Coin.Bitcoin, change: options => options with
        {
            TimeProvider = time,
            OpenJournal = (file, patience) => BlockJournal.Open(file, patience, handle => disk = new MoodyDisk(handle)),
        });
        await world.Pool.StartAsync().WaitAsync(PoolWorld.Patience);
        await using var miner = await world.ConnectAsync();
        var found = await miner.FindAsync(world.Chain.Tip.Hash);
        disk!.Hang();
        disk.WriteFailure = (new IOException("broken", 5), 10);
        var answer = miner.SubmitAsync(found);
        await disk.WriteReached.Task.WaitAsync(PoolWorld.Patience);
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.True((await answer).IsAccepted);
        await PoolWorld.UntilAsync(() => world.Notices.Any(text => text.Contains("is not in the journal yet")), "told");
        disk.GoOn();
        await PoolWorld.UntilAsync(() => world.Notices.Any(text => text.Contains("I/O error")), "the failure");
        disk.WriteFailure = null;
        await PoolWorld.UntilAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return world.Journal is [{ State: BlockState.Accepted }];
        }, "written after all");
    }

    private static void Fill(string file)
    {
        using var ballast = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            for (var kilobyte = new byte[1024]; ;)
                ballast.Write(kilobyte);
        }
        catch (IOException)
        {
            // Full: as it should be.
        }
    }
}
