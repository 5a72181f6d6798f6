using Stratum.Mining;

namespace Stratum.Pool.Tests;

/// <summary>Somebody takes the journal away under a mining pool.</summary>
public class LostJournalTests
{
    [Theory]
    [InlineData("removed")]
    [InlineData("moved")]
    [InlineData("cut")]
    [InlineData("emptied")]
    [InlineData("folder removed")]
    public async Task Journal_IsTakenAway_ToldAndOpenBlocksAreWrittenAnew(string how)
    {
        await using var world = await PoolWorld.CreateAsync(Coin.Bitcoin, change: options => options with
        {
            JournalFile = Path.Combine(Path.GetDirectoryName(options.JournalFile!)!, "below", "blocks.journal"),
        });
        var file = Path.Combine(Path.GetDirectoryName(world.JournalFile)!, "below", "blocks.journal");
        await world.Pool.StartAsync().WaitAsync(PoolWorld.Patience);
        await using var miner = await world.ConnectAsync();
        var found = await miner.FindAsync(world.Chain.Tip.Hash);
        Assert.True((await miner.SubmitAsync(found)).IsAccepted);
        await PoolWorld.UntilAsync(() => BlockJournal.Read(file).Entries is [{ Confirmations: 1 }], "written");
        var bytes = BlockJournal.Read(file).ReadBlock(BlockJournal.Read(file).Entries[0]).ToArray();
        switch (how)
        {
            case "removed":
                File.Delete(file);
                break;
            case "moved":
                File.Move(file, file + ".1");
                break;
            case "folder removed":
                Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
                break;
            default:
                using (var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
                    stream.SetLength(how == "cut" ? 100 : 0);
                break;
        }
        // The next record finds it out.
        world.Generate();
        await PoolWorld.UntilAsync(() => world.Notices.Any(text => text.Contains("removed, replaced or cut")), "it is told");
        await PoolWorld.UntilAsync(() => File.Exists(file) && BlockJournal.Read(file).Entries is [{ Confirmations: 2 }], "written anew");
        var entry = BlockJournal.Read(file).Entries[0];
        Assert.Equal((found.Hash, BlockState.Accepted, true), (entry.Hash, entry.State, entry.IsOpen));
        Assert.Equal(bytes, BlockJournal.Read(file).ReadBlock(entry).ToArray());
        world.Generate(4);
        await PoolWorld.UntilAsync(() => BlockJournal.Read(file).Entries is [{ State: BlockState.Deep }], "deep");
    }
}
