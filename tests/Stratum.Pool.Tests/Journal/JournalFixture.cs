using Stratum.Mining;
using Stratum.Testing;

namespace Stratum.Pool.Tests;

/// <summary>Blocks, files and waits for tests of journals.</summary>
internal static class JournalFixture
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>A block that is told from all others by its number.</summary>
    public static JournalBlock Block(int number, int size = 100)
    {
        var bytes = new byte[size];
        new Random(number).NextBytes(bytes);
        return new JournalBlock
        {
            Hash = Hash(number),
            Height = 100 + number,
            Coin = "litecoin",
            Network = "regtest",
            Worker = $"worker.{number}",
            FoundAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddSeconds(number),
            Bytes = bytes,
        };
    }

    public static Hash256 Hash(int number)
    {
        var hash = new byte[Hash256.Size];
        BitConverter.TryWriteBytes(hash, number);
        return new Hash256(hash);
    }

    /// <summary>Writes blocks to a journal and closes it.</summary>
    public static async Task WriteAsync(string file, params JournalBlock[] blocks)
    {
        using var journal = BlockJournal.Open(file);
        await Task.WhenAll(blocks.Select(journal.AddAsync)).WaitAsync(Patience);
    }

    /// <summary>The journal holds these blocks, all their bytes included, and no others.</summary>
    public static void AssertHolds(JournalContents contents, params int[] numbers)
    {
        Assert.Equal(numbers.Select(number => Hash(number).ToString()), contents.Entries.Select(entry => entry.Hash.ToString()));
        foreach (var (entry, number) in contents.Entries.Zip(numbers))
        {
            var block = Block(number, entry.Length);
            Assert.Equal(block.Bytes.ToArray(), contents.ReadBlock(entry).ToArray());
            Assert.Equal((block.Height, block.Coin, block.Network, block.Worker, block.FoundAt),
                (entry.Height, entry.Coin, entry.Network, entry.Worker, entry.FoundAt));
        }
    }

    /// <summary>A number of the journal's troubles as they come.</summary>
    public static System.Threading.Channels.ChannelReader<JournalTrouble> TroublesOf(BlockJournal journal)
    {
        var channel = System.Threading.Channels.Channel.CreateUnbounded<JournalTrouble>();
        journal.Troubled += trouble => channel.Writer.TryWrite(trouble);
        return channel.Reader;
    }

    public static async Task<JournalTrouble> NextAsync(System.Threading.Channels.ChannelReader<JournalTrouble> troubles)
    {
        using var deadline = new CancellationTokenSource(Patience);
        return await troubles.ReadAsync(deadline.Token);
    }

    public static async Task WaitAsync(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (!condition())
            await Task.Delay(5, deadline.Token);
    }

    public static string Journal(this TempFolder folder) => folder.File("blocks.journal");
}
