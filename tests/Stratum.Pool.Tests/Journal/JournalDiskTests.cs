using static Stratum.Pool.Tests.JournalFixture;

namespace Stratum.Pool.Tests;

/// <summary>Real file systems that are full, read-only or hang.</summary>
public class JournalDiskTests
{
    [Fact]
    public async Task AddAsync_DiskFull_SaysSoAndGoesOnWhenSpaceComesBack()
    {
        using var mount = Mount.Memory("256k");
        var ballast = Path.Combine(mount.Path, "ballast");
        File.WriteAllBytes(ballast, new byte[100 << 10]);
        using var journal = BlockJournal.Open(mount.Journal);
        var troubles = TroublesOf(journal);
        await journal.AddAsync(Block(0, 50_000)).WaitAsync(Patience);
        foreach (var number in new[] { 1, 2, 1 })
        {
            var error = await Assert.ThrowsAsync<JournalException>(() => journal.AddAsync(Block(number, 150_000)).WaitAsync(Patience));
            Assert.Contains("the disk is full", error.Message);
        }
        Assert.Equal(JournalTroubleKind.WriteFailed, (await NextAsync(troubles)).Kind);
        AssertHolds(BlockJournal.Read(mount.Journal), 0);

        File.Delete(ballast);
        await journal.AddAsync(Block(3, 60_000)).WaitAsync(Patience);
        Assert.Equal(JournalTroubleKind.Well, (await NextAsync(troubles)).Kind);
        await journal.RecordAsync(Hash(3), BlockState.Accepted, true, "d", null, 1).WaitAsync(Patience);
        AssertHolds(BlockJournal.Read(mount.Journal), 0, 3);
        journal.Dispose();
        await WriteAsync(mount.Journal, Block(4));
        AssertHolds(BlockJournal.Read(mount.Journal), 0, 3, 4);
    }

    [Fact]
    public void Open_NewOnAFullDisk_SaysSo()
    {
        using var mount = Mount.Memory("64k");
        using (var ballast = File.Create(Path.Combine(mount.Path, "ballast")))
            Assert.Throws<IOException>(() => ballast.Write(new byte[1 << 20]));
        var error = Assert.Throws<JournalException>(() => BlockJournal.Open(mount.Journal));
        Assert.Contains("the disk is full", error.Message);
        Assert.Contains(mount.Journal, error.Message);
    }

    [Fact]
    public async Task Open_ReadOnlyFileSystem_SaysSoAndReadingGoes()
    {
        using var mount = Mount.Memory("1m");
        await WriteAsync(mount.Journal, Block(0));
        mount.MakeReadOnly();
        foreach (var file in new[] { mount.Journal, Path.Combine(mount.Path, "new"), Path.Combine(mount.Path, "folder", "new") })
        {
            var error = Assert.Throws<JournalException>(() => BlockJournal.Open(file));
            Assert.Equal(JournalProblem.NotAllowed, error.Problem);
            Assert.Contains("its file system is read-only", error.Message);
            Assert.Contains(file, error.Message);
        }
        AssertHolds(BlockJournal.Read(mount.Journal), 0);
    }

    [Fact]
    public async Task AddAsync_FileSystemHangs_ReturnsAtOnceAndIsWrittenWhenItGoesOn()
    {
        using var mount = Mount.Disk();
        using var journal = BlockJournal.Open(mount.Journal, new BlockJournalOptions { SlowAfter = TimeSpan.FromMilliseconds(100) });
        var troubles = TroublesOf(journal);
        await journal.AddAsync(Block(0)).WaitAsync(Patience);
        using var ice = mount.Freeze();
        var adding = journal.AddAsync(Block(1, 1_000_000));
        Assert.Equal(JournalTroubleKind.Slow, (await NextAsync(troubles)).Kind);
        Assert.False(adding.IsCompleted);
        AssertHolds(BlockJournal.Read(mount.Journal), 0);
        mount.Thaw();
        await adding.WaitAsync(Patience);
        Assert.Equal(JournalTroubleKind.Well, (await NextAsync(troubles)).Kind);
        AssertHolds(BlockJournal.Read(mount.Journal), 0, 1);
    }
}
