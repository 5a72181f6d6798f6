using System.Collections.Concurrent;
using System.Text.Json;
using Stratum.Daemon;
using Stratum.Mining;
using Stratum.Pool;
using Stratum.Simulation;
using Stratum.Testing;

namespace Stratum.Cli.Tests;

/// <summary><c>stratum journal</c> as a process, on journals that a pool wrote.</summary>
public class JournalTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Journal_OfSeveralStates_ListedForPeopleWithDamage()
    {
        using var folder = new TempFolder();
        var file = await WriteAsync(folder);
        await using var command = Command.Start("journal", file);
        Assert.Equal(0, await command.ExitCodeAsync());
        var lines = command.Lines;
        Assert.StartsWith("found at (UTC)       height  hash ", lines[0]);
        Assert.StartsWith($"2026-01-02 03:04:06  103     {Hash(3)}  w\uFFFD[2J3  no answer  0              open", lines[1]);
        Assert.StartsWith($"2026-01-02 03:04:06  102     {Hash(2)}  w\uFFFD[2J2  lost race  0              open    b:2: inconclusive", lines[2]);
        Assert.StartsWith($"2026-01-02 03:04:06  101     {Hash(1)}  w\uFFFD[2J1  deep       6              closed  a:1", lines[3]);
        Assert.Equal("3 blocks, 2 open", lines[4]);
        Assert.Matches(@"^DAMAGE at byte \d+: 7 bytes were skipped: ", lines[5]);
        Assert.Equal(6, lines.Count);
    }

    [Fact]
    public async Task Journal_Json_OneObjectAnEntryAndADamage()
    {
        using var folder = new TempFolder();
        await using var command = Command.Start("journal", await WriteAsync(folder), "--json");
        Assert.Equal(0, await command.ExitCodeAsync());
        Assert.Equal(["entry", "entry", "entry", "damage"],
            command.Lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("event").GetString()));
        var entry = command.Events("entry").ElementAt(1);
        Assert.Equal(102, entry.GetProperty("height").GetInt64());
        Assert.Equal(Hash(2).ToString(), entry.GetProperty("hash").GetString());
        Assert.Equal("bitcoin", entry.GetProperty("coin").GetString());
        Assert.Equal("regtest", entry.GetProperty("network").GetString());
        Assert.Equal("w\u001b[2J2", entry.GetProperty("worker").GetString());
        Assert.Equal("lostRace", entry.GetProperty("state").GetString());
        Assert.True(entry.GetProperty("open").GetBoolean());
        Assert.Equal("inconclusive", entry.GetProperty("reason").GetString());
        Assert.Equal("b:2", entry.GetProperty("daemon").GetString());
        Assert.Equal(200, entry.GetProperty("length").GetInt32());
        Assert.Equal(7, command.Events("damage").Single().GetProperty("length").GetInt64());
    }

    [Fact]
    public async Task Journal_APoolHasItOpen_ListedAndNothingIsWritten()
    {
        using var folder = new TempFolder();
        var file = folder.File("blocks.journal");
        using var journal = BlockJournal.Open(file);
        await journal.AddAsync(Block(1)).WaitAsync(s_patience);
        var before = File.ReadAllBytes(file);
        File.SetLastWriteTimeUtc(file, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        await using var command = Command.Start("journal", file);
        Assert.Equal(0, await command.ExitCodeAsync());
        Assert.Equal("1 block, 1 open", command.Lines[^1]);
        Assert.Equal(before, File.ReadAllBytes(file));
        Assert.Equal(new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc), File.GetLastWriteTimeUtc(file));
    }

    [Theory]
    [InlineData(null, 1, "There is no journal")]
    [InlineData("STRATUM-JOURNAL 2\n", 1, "has version 2, and this program writes version 1")]
    [InlineData("something else", 1, "is not a journal")]
    [InlineData("", 2, "--resubmit needs to know where to", "--resubmit")]
    [InlineData("", 2, "--daemon is for --resubmit", "--daemon", "http://127.0.0.1:1")]
    public async Task Journal_CannotBe_SaysWhy(string? content, int exitCode, string words, params string[] more)
    {
        using var folder = new TempFolder();
        var file = folder.File("blocks.journal");
        if (content is not null)
            File.WriteAllText(file, content);
        await using var command = Command.Start(["journal", file, .. more]);
        Assert.Equal(exitCode, await command.ExitCodeAsync());
        Assert.Contains(words, command.LastError);
        Assert.Equal(content is null ? [] : [file], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public async Task Resubmit_TwoDaemons_EveryOpenBlockByHeightToBothAndTheAnswersAreWritten()
    {
        using var folder = new TempFolder();
        var got = new ConcurrentQueue<string>();
        // Block 3 is taken, block 2 is known already.
        await using var first = Daemon(got, block => block.Span.SequenceEqual(Block(3).Bytes.Span) ? "null" : "\"duplicate\"");
        await using var second = Daemon(new(), _ => "\"inconclusive\"");
        var file = await WriteAsync(folder);
        await using var command = Command.Start(["journal", file, "--resubmit", "--daemon", first.Url.ToString(), "--daemon", second.Url.ToString(),
            .. Credentials(folder)]);
        Assert.Equal(0, await command.ExitCodeAsync());
        Assert.Equal([Block(2), Block(3)], got.Select(hex => new[] { Block(2), Block(3) }.Single(block =>
            Convert.ToHexStringLower(block.Bytes.Span) == hex)), (a, b) => a.Hash == b.Hash);
        Assert.StartsWith("DAMAGE", command.Lines[0]);
        Assert.Equal(
            [
                $"102 {Hash(2)} 127.0.0.1:{first.Port}: duplicate: it has the block already",
                $"102 {Hash(2)} 127.0.0.1:{second.Port}: inconclusive: valid, but not on its best chain",
                $"103 {Hash(3)} 127.0.0.1:{first.Port}: accepted",
                $"103 {Hash(3)} 127.0.0.1:{second.Port}: inconclusive: valid, but not on its best chain",
            ], command.Lines.Skip(1));
        var entries = BlockJournal.Read(file).Entries;
        Assert.Equal([(BlockState.Accepted, true, null), (BlockState.Accepted, true, "duplicate"), (BlockState.Deep, false, (string?)null)],
            entries.Select(entry => (entry.State, entry.IsOpen, entry.Reason)));
        Assert.Equal($"127.0.0.1:{first.Port}", entries[0].Daemon);
    }

    [Fact]
    public async Task Resubmit_OnARealChain_DuplicateOfWhatItHas()
    {
        using var folder = new TempFolder();
        using var chain = new SimulatedChain(new SimulatedChainOptions());
        await using var daemon = new SimulatedDaemon(chain, new SimulatedDaemonOptions { GenerateWithoutWork = true });
        await daemon.StartAsync();
        await using var calls = new CoinDaemon(new CoinDaemonOptions
        {
            Url = daemon.Url, CookieFile = daemon.CookieFile, Coin = chain.Coin, Network = chain.Network,
        });
        var address = Address.FromPublicKeyHash(new byte[20], chain.Network).ToString();
        var hash = (await calls.CallAsync("generatetoaddress", [1, address]))[0].GetString()!;
        var bytes = Convert.FromHexString((await calls.CallAsync("getblock", [hash, 0])).GetString()!);
        var file = folder.File("blocks.journal");
        using (var journal = BlockJournal.Open(file))
            await journal.AddAsync(Block(1) with { Hash = Hash256.Parse(hash), Bytes = bytes }).WaitAsync(s_patience);
        await using var command = Command.Start("journal", file, "--resubmit", "--daemon", daemon.Url.ToString(), "--rpc-cookie", daemon.CookieFile!, "--json");
        Assert.Equal(0, await command.ExitCodeAsync());
        var answer = command.Events("answer").Single();
        Assert.True(answer.GetProperty("delivered").GetBoolean());
        Assert.True(answer.GetProperty("accepted").GetBoolean());
        Assert.Equal("duplicate", answer.GetProperty("reason").GetString());
        Assert.Equal(hash, answer.GetProperty("hash").GetString());
        Assert.Equal(BlockState.Accepted, BlockJournal.Read(file).Entries.Single().State);
    }

    [Fact]
    public async Task Resubmit_NoDaemonAnswers_FailsAndTheBlocksStayOpen()
    {
        using var folder = new TempFolder();
        await using var starting = new RawHttpServer(_ => RawHttpReply.Error(-28, "Loading block index..."));
        var file = await WriteAsync(folder);
        var before = File.ReadAllBytes(file);
        await using var command = Command.Start(["journal", file, "--resubmit", "--daemon", starting.Url.ToString(),
            "--daemon", $"http://127.0.0.1:{FreePort.Next()}", .. Credentials(folder)]);
        Assert.Equal(1, await command.ExitCodeAsync());
        Assert.Contains("2 of 2 open blocks could not be delivered", command.LastError);
        Assert.Contains(command.Lines, line => line.Contains("not delivered: Loading block index... (-28)"));
        Assert.Equal(before, File.ReadAllBytes(file));
    }

    [Theory]
    [InlineData("\"prev-blk-not-found\"", "prev-blk-not-found")]
    [InlineData("{\"odd\":1}", "neither null nor a word")]
    public async Task Resubmit_AnswerThatDecidesNothing_IsNotDelivered(string answer, string told)
    {
        using var folder = new TempFolder();
        await using var daemon = Daemon(new(), _ => answer);
        var file = await WriteAsync(folder);
        await using var command = Command.Start(["journal", file, "--resubmit", "--daemon", daemon.Url.ToString(), .. Credentials(folder)]);
        Assert.Equal(1, await command.ExitCodeAsync());
        // Each block is tried, whatever became of the one before.
        Assert.Equal(2, command.Lines.Count(line => line.Contains("not delivered") && line.Contains(told)));
    }

    [Fact]
    public async Task Resubmit_RefusedByAWord_ToldAndTheEntryStaysOpen()
    {
        using var folder = new TempFolder();
        await using var daemon = Daemon(new(), _ => "\"high-hash\"");
        var file = await WriteAsync(folder);
        await using var command = Command.Start(["journal", file, "--resubmit", "--daemon", daemon.Url.ToString(), .. Credentials(folder)]);
        Assert.Equal(0, await command.ExitCodeAsync());
        Assert.Contains(command.Lines, line => line.EndsWith("refused: high-hash"));
        Assert.Equal([true, true, false], BlockJournal.Read(file).Entries.Select(entry => entry.IsOpen));
        Assert.Equal(BlockState.Found, BlockJournal.Read(file).Entries[0].State);
    }

    [Fact]
    public async Task Resubmit_APoolHoldsTheJournal_SentAndSaidThatNothingIsWritten()
    {
        using var folder = new TempFolder();
        await using var daemon = Daemon(new(), _ => "null");
        var file = folder.File("blocks.journal");
        using var journal = BlockJournal.Open(file);
        await journal.AddAsync(Block(1)).WaitAsync(s_patience);
        var before = File.ReadAllBytes(file);
        await using var command = Command.Start(["journal", file, "--resubmit", "--daemon", daemon.Url.ToString(), .. Credentials(folder)]);
        Assert.Equal(0, await command.ExitCodeAsync());
        Assert.EndsWith(": accepted", command.Lines.Single());
        Assert.Contains($"The answers are not written to the journal. The journal {file} is in use by process {Environment.ProcessId}", command.Errors);
        Assert.Equal(before, File.ReadAllBytes(file));
    }

    [Theory]
    [InlineData(2, "open blocks of bitcoin regtest, litecoin regtest")]
    [InlineData(0, null, "--coin", "litecoin")]
    [InlineData(0, null, "--network", "signet")]
    public async Task Resubmit_BlocksOfTwoCoins_OneHasToBeChosen(int exitCode, string? words, params string[] more)
    {
        using var folder = new TempFolder();
        var got = new ConcurrentQueue<string>();
        await using var daemon = Daemon(got, _ => "null");
        var file = folder.File("blocks.journal");
        using (var journal = BlockJournal.Open(file))
        {
            _ = journal.AddAsync(Block(1));
            await journal.AddAsync(Block(2) with { Coin = "litecoin" }).WaitAsync(s_patience);
        }
        await using var command = Command.Start(["journal", file, "--resubmit", "--daemon", daemon.Url.ToString(), .. more, .. Credentials(folder)]);
        Assert.Equal(exitCode, await command.ExitCodeAsync());
        Assert.Contains(words ?? "", command.Errors);
        Assert.Equal(more.Contains("litecoin") ? [Convert.ToHexStringLower(Block(2).Bytes.Span)] : [], got);
        Assert.Equal(more.Contains("signet"), command.Errors.Contains("nothing was sent"));
    }

    private static string[] Credentials(TempFolder folder) => ["--rpc-cookie", folder.Write("cookie", "__cookie__:secret")];

    private static RawHttpServer Daemon(ConcurrentQueue<string> got, Func<ReadOnlyMemory<byte>, string> answer) => new(request =>
    {
        // What it has already lies in its best chain.
        if (request.Method == "getblockheader")
            return RawHttpReply.Result("{\"confirmations\":3}");
        Assert.Equal("submitblock", request.Method);
        var hex = (string)request.Params[0]!;
        got.Enqueue(hex);
        return RawHttpReply.Result(answer(Convert.FromHexString(hex)));
    });

    /// <summary>Heights 103 (no answer), 102 (lost race), 101 (deep), then seven bytes of garbage.</summary>
    private static async Task<string> WriteAsync(TempFolder folder)
    {
        var file = folder.File("blocks.journal");
        using (var journal = BlockJournal.Open(file))
        {
            foreach (var number in new[] { 3, 2, 1 })
                _ = journal.AddAsync(Block(number));
            _ = journal.RecordAsync(Hash(2), BlockState.LostRace, true, "b:2", "inconclusive", 0);
            await journal.RecordAsync(Hash(1), BlockState.Deep, false, "a:1", null, 6).WaitAsync(s_patience);
        }
        await using (var end = new FileStream(file, FileMode.Append))
            end.Write("garbage"u8);
        return file;
    }

    private static JournalBlock Block(int number)
    {
        var bytes = new byte[200];
        new Random(number).NextBytes(bytes);
        return new JournalBlock
        {
            Hash = Hash(number),
            Height = 100 + number,
            Coin = "bitcoin",
            Network = "regtest",
            Worker = $"w\u001b[2J{number}",
            FoundAt = new DateTimeOffset(2026, 1, 2, 5, 4, 6, TimeSpan.FromHours(2)),
            Bytes = bytes,
        };
    }

    private static Hash256 Hash(int number) => Hash256.Parse(number.ToString("x64"));
}
