using System.Text;
using Stratum.Testing;
using static Stratum.Pool.Tests.JournalFixture;

namespace Stratum.Pool.Tests;

/// <summary>What is good is never lost, what is bad is never accepted, and what was skipped is told.</summary>
public class JournalDamageTests
{
    [Fact]
    public async Task Read_LastRecordTornAtEveryLength_TheOthersAreThereAndWritingGoesOn()
    {
        using var folder = new TempFolder();
        var (whole, starts) = await RecordsAsync(folder, 2);
        for (var length = starts[1] + 1; length < whole.Length; length++)
        {
            File.WriteAllBytes(folder.Journal(), whole[..length]);
            var contents = BlockJournal.Read(folder.Journal());
            AssertHolds(contents, 0);
            var damage = Assert.Single(contents.Damage);
            Assert.Equal((starts[1], length - starts[1]), (damage.Offset, damage.Length));

            // A record behind it does not make the torn one whole.
            await WriteAsync(folder.Journal(), Block(7));
            contents = BlockJournal.Read(folder.Journal());
            AssertHolds(contents, 0, 7);
            Assert.Equal(damage.Length, Assert.Single(contents.Damage).Length);
        }
    }

    [Fact]
    public async Task Read_LastRecordTornAndFilledWithZeros_NotAccepted()
    {
        using var folder = new TempFolder();
        var (whole, starts) = await RecordsAsync(folder, 2);
        for (var length = starts[1] + 1; length < whole.Length; length++)
        {
            // The last bytes of a checksum may be zeros themselves.
            if (whole.AsSpan(length).IndexOfAnyExcept((byte)0) < 0)
                continue;
            File.WriteAllBytes(folder.Journal(), [.. whole[..length], .. new byte[whole.Length - length + 4096]]);
            AssertHolds(BlockJournal.Read(folder.Journal()), 0);
        }
    }

    [Fact]
    public async Task Read_AnyBitFlipped_OnlyThatRecordIsLostAndToldOf()
    {
        using var folder = new TempFolder();
        var (whole, starts) = await RecordsAsync(folder, 3);
        for (var bit = 0; bit < 8 * whole.Length; bit++)
        {
            var at = bit / 8;
            var flipped = whole.ToArray();
            flipped[at] ^= (byte)(1 << bit % 8);
            File.WriteAllBytes(folder.Journal(), flipped);
            var contents = BlockJournal.Read(folder.Journal());
            var record = starts.Count(start => start <= at) - 1;
            AssertHolds(contents, [.. Enumerable.Range(0, 3).Where(number => number != record)]);
            var damage = Assert.Single(contents.Damage);
            var (from, to) = record < 0 ? (0, starts[0]) : (starts[record], record == 2 ? whole.Length : starts[record + 1]);
            Assert.Equal((from, to - from), (damage.Offset, damage.Length));
        }
    }

    [Fact]
    public async Task Open_HeaderDamaged_EntriesAreThereAndWritingGoesOn()
    {
        using var folder = new TempFolder();
        var (whole, _) = await RecordsAsync(folder, 3);
        // The digit of the version: the line's check tells damage from a newer version.
        whole["STRATUM-JOURNAL ".Length] = (byte)'2';
        File.WriteAllBytes(folder.Journal(), whole);
        await WriteAsync(folder.Journal(), Block(9));
        AssertHolds(BlockJournal.Read(folder.Journal()), 0, 1, 2, 9);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(100_000)]
    public async Task Read_GarbageAnywhereBetweenRecords_EveryRecordIsThere(int size)
    {
        using var folder = new TempFolder();
        var (whole, starts) = await RecordsAsync(folder, 3);
        var garbage = new byte[size];
        new Random(size).NextBytes(garbage);
        var parts = new List<byte>(whole[..starts[0]]);
        for (var record = 0; record < 3; record++)
        {
            parts.AddRange(garbage);
            parts.AddRange(whole[starts[record]..(record == 2 ? whole.Length : starts[record + 1])]);
        }
        File.WriteAllBytes(folder.Journal(), [.. parts, .. garbage]);
        var contents = BlockJournal.Read(folder.Journal());
        AssertHolds(contents, 0, 1, 2);
        Assert.Equal(4, contents.Damage.Count);
        Assert.All(contents.Damage, damage => Assert.Equal(size, damage.Length));
    }

    [Fact]
    public async Task Read_MarkersAcrossEveryBorderOfPieces_RecordsAreFound()
    {
        using var folder = new TempFolder();
        var (whole, starts) = await RecordsAsync(folder, 2);
        // The reader's pieces have 64 KiB.
        for (var shift = -20; shift <= 20; shift++)
        {
            var garbage = new byte[(64 << 10) + shift];
            File.WriteAllBytes(folder.Journal(), [.. whole[..starts[1]], .. garbage, .. whole[starts[1]..]]);
            AssertHolds(BlockJournal.Read(folder.Journal()), 0, 1);
        }
    }

    [Fact]
    public async Task Read_ARecordThatClaimsAnyLength_NotAcceptedAndTheNextIsThere()
    {
        using var folder = new TempFolder();
        var (whole, starts) = await RecordsAsync(folder, 2);
        foreach (var length in new uint[] { 0, 3, 4, 1 << 20, (64 << 20) + (64 << 10) + 5, int.MaxValue, uint.MaxValue })
        {
            var changed = whole.ToArray();
            BitConverter.TryWriteBytes(changed.AsSpan(starts[0] + JournalFormat.HeadSize - 4), length);
            File.WriteAllBytes(folder.Journal(), changed);
            AssertHolds(BlockJournal.Read(folder.Journal()), 1);
            BitConverter.TryWriteBytes(changed.AsSpan(starts[0] + JournalFormat.HeadSize), length);
            File.WriteAllBytes(folder.Journal(), changed);
            AssertHolds(BlockJournal.Read(folder.Journal()), 1);
        }
    }

    [Fact]
    public async Task Read_DamagedBlockThatHoldsForgedRecords_NoneIsAccepted()
    {
        using var folder = new TempFolder();
        // Somebody pays for a transaction that holds records as he sees them in a journal of his own.
        var theirs = folder.File("theirs.journal");
        using (var journal = BlockJournal.Open(theirs))
        {
            _ = journal.AddAsync(Block(5));
            await journal.RecordAsync(Hash(5), BlockState.Deep, false, "d", null, 6).WaitAsync(Patience);
        }
        await WriteAsync(folder.Journal(), Block(0), Block(1) with { Bytes = File.ReadAllBytes(theirs) }, Block(2));
        var bytes = File.ReadAllBytes(folder.Journal());
        Assert.Equal(3, BlockJournal.Read(folder.Journal()).Entries.Count);
        // The checksum of the second.
        bytes[BlockJournal.Read(folder.Journal()).Entries[1].RecordEnd - 1] ^= 1;
        File.WriteAllBytes(folder.Journal(), bytes);
        AssertHolds(BlockJournal.Read(folder.Journal()), 0, 2);
    }

    [Fact]
    public async Task Read_RecordsOfALaterProgram_ThoseAreLeftAlone()
    {
        using var folder = new TempFolder();
        var (whole, starts) = await RecordsAsync(folder, 1);
        var key = whole.AsSpan(starts[0] + JournalFormat.MarkerSize, JournalFormat.KeySize).ToArray();
        var other = JournalFormat.Encode(key, (byte)'Z', "not even JSON"u8, [1, 2, 3]);
        var more = JournalFormat.Encode(key, JournalFormat.StateType, Encoding.UTF8.GetBytes(
            $$"""{"hash":"{{Hash(0)}}","more":[1],"state":"accepted","open":true,"confirmations":2,"at":"2026-01-01T00:00:00Z"}"""), []);
        File.WriteAllBytes(folder.Journal(), [.. whole, .. other, .. more]);
        var contents = BlockJournal.Read(folder.Journal());
        Assert.Empty(contents.Damage);
        Assert.Equal((BlockState.Accepted, 2), (contents.Entries[0].State, contents.Entries[0].Confirmations));
    }

    [Theory]
    [InlineData("nothing like JSON", "cannot be read")]
    [InlineData("null", "cannot be read")]
    [InlineData("""{"hash":null,"state":"deep","open":false,"confirmations":6,"at":"2026-01-01T00:00:00Z"}""", "cannot be read")]
    [InlineData("""{"hash":"HASH","state":"melted","open":false,"confirmations":6,"at":"2026-01-01T00:00:00Z"}""", "'melted' is not known")]
    [InlineData("""{"hash":"HASH","state":"17","open":false,"confirmations":6,"at":"2026-01-01T00:00:00Z"}""", "'17' is not known")]
    [InlineData("""{"hash":"HASH","state":"deep","open":false}""", "cannot be read")]
    [InlineData("""{"hash":"1111111111111111111111111111111111111111111111111111111111111111","state":"deep","open":false,"confirmations":6,"at":"2026-01-01T00:00:00Z"}""", "its own record is not there")]
    public async Task Read_AStateThatMakesNoSense_ToldAndTheEntryStaysOpen(string json, string told)
    {
        using var folder = new TempFolder();
        var (whole, starts) = await RecordsAsync(folder, 1);
        var key = whole.AsSpan(starts[0] + JournalFormat.MarkerSize, JournalFormat.KeySize).ToArray();
        var record = JournalFormat.Encode(key, JournalFormat.StateType, Encoding.UTF8.GetBytes(json.Replace("HASH", Hash(0).ToString())), []);
        File.WriteAllBytes(folder.Journal(), [.. whole, .. record]);
        var contents = BlockJournal.Read(folder.Journal());
        Assert.Contains(told, Assert.Single(contents.Damage).Text);
        Assert.True(Assert.Single(contents.Entries).IsOpen);
    }

    [Fact]
    public async Task ReadBlock_DamagedSince_RefusedWithTheBlocksName()
    {
        using var folder = new TempFolder();
        using var journal = BlockJournal.Open(folder.Journal());
        await journal.AddAsync(Block(1)).WaitAsync(Patience);
        var entry = journal.Entries[0];
        using (var file = new FileStream(folder.Journal(), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            file.Position = entry.RecordEnd - 40;
            var b = file.ReadByte();
            file.Position--;
            file.WriteByte((byte)(b ^ 4));
        }
        var error = Assert.Throws<JournalException>(() => journal.ReadBlock(entry));
        Assert.Equal(JournalProblem.NoBlock, error.Problem);
        Assert.Contains(entry.Hash.ToString(), error.Message);
    }

    [Theory]
    [InlineData("123456789", 0xE3069283)]
    [InlineData("", 0)]
    public void Checksum_OfKnownText_IsCrc32C(string text, uint expected) =>
        Assert.Equal(expected, JournalFormat.Checksum(Encoding.ASCII.GetBytes(text)));

    private static async Task<(byte[] Whole, int[] Starts)> RecordsAsync(TempFolder folder, int blocks)
    {
        await WriteAsync(folder.Journal(), [.. Enumerable.Range(0, blocks).Select(number => Block(number))]);
        var starts = BlockJournal.Read(folder.Journal()).Entries.Select(entry => (int)entry.RecordOffset).ToArray();
        return (File.ReadAllBytes(folder.Journal()), starts);
    }
}
