using System.Diagnostics;
using Stratum.Mining;
using Stratum.Testing;

namespace Stratum.Daemon.Tests;

/// <summary>What a daemon runs for a block, and what becomes of it.</summary>
public sealed class NotifyTests
{
    private const string Hash = "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("plain", "'plain'")]
    [InlineData("two words", "'two words'")]
    [InlineData("it's", @"'it'\''s'")]
    [InlineData("a%s", "'a%''s'")]
    [InlineData("", "''")]
    public void Quote_Text_IsOneWordWithoutThePlaceOfTheData(string text, string expected)
    {
        Assert.Equal(expected, ShellWord.Quote(text));
        Assert.DoesNotContain("%s", ShellWord.Quote(text));
    }

    [Theory]
    [InlineData("$(touch nothing) `id` \"quoted\" \\ ; rm -rf * & | > < \n line '' % %% %s")]
    [InlineData("-n")]
    public async Task Quote_AnyText_IsTheSameToTheShell(string text)
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"printf '%s' {ShellWord.Quote(text)}"])
        {
            RedirectStandardOutput = true,
        })!;
        Assert.Equal(text, await shell.StandardOutput.ReadToEndAsync(Ct));
    }

    [Fact]
    public void ToShell_EachKind_NamesItAndLeavesTheDatasPlaceBare()
    {
        var command = new NotifyCommand { Program = "/opt/my programs/notify", Port = 1337, PasswordFile = "/s/p w" };

        Assert.Equal(
            "'/opt/my programs/notify' --host '127.0.0.1' --port 1337 --source 'litecoin' --type alert --data %s"
                + " --password-file '/s/p w'",
            command.ToShell(NotifyKind.Alert, "litecoin"));
        Assert.Contains("--type block", command.ToShell(NotifyKind.Block, "x"));
        Assert.Contains("--type wallet", (command with { PasswordFile = null }).ToShell(NotifyKind.Wallet, "x"));
        Assert.DoesNotContain("--password", (command with { PasswordFile = null }).ToShell(NotifyKind.Wallet, "x"));
    }

    [Fact]
    public async Task Notify_RealDaemon_RunsTheCommandForBlocksAndWallet()
    {
        await using var world = new SpawnWorld();
        string told = world.File("told");
        // Writes what it was given, its own environment, and the command line of the shell that the daemon ran it by.
        string program = world.Script("it's 100%s \"mine\"", $"""
            #!/bin/sh
            tr '\0' ' ' </proc/$PPID/cmdline >>'{world.File("shell")}'
            tr '\0' '\n' </proc/$$/environ >>'{world.File("environ")}'
            (printf '%s|' "$@"; echo) >>'{told}'
            """);
        DaemonStateFolder node = DaemonStateFolder.Open(world.File("node's state"));
        (string secret, string passwordFile) = (node.ReadNotifyPassword(), node.NotifyPasswordFile);
        await using var daemon = new SpawnedDaemon(world.Litecoind() with
        {
            Notify = [NotifyKind.Block, NotifyKind.Wallet, NotifyKind.Alert],
            NotifyCommand = new NotifyCommand { Program = program, Port = 4444, PasswordFile = passwordFile },
        });
        await daemon.StartAsync(Ct);
        await daemon.CallAsync("createwallet", ["w"], cancellationToken: Ct);
        string address = (await daemon.CallAsync("getnewaddress", cancellationToken: Ct)).GetString()!;

        string block = (await daemon.CallAsync("generatetoaddress", [1, address], cancellationToken: Ct))[0].GetString()!;
        string coinbase = (await daemon.CallAsync("getblock", [block], cancellationToken: Ct)).GetProperty("tx")[0].GetString()!;

        const string Common = "--host|127.0.0.1|--port|4444|--source|litecoin|--type|";
        string end = $"|--password-file|{passwordFile}|";
        await SpawnWorld.UntilAsync(() => Told().Contains($"{Common}block|--data|{block}{end}"), "the block");
        await SpawnWorld.UntilAsync(() => Told().Contains($"{Common}wallet|--data|{coinbase}{end}"), "the coinbase");
        string command = string.Join('\n', ProcessTable.Arguments(daemon.Pid!.Value));
        Assert.Contains("-alertnotify=", command);
        foreach (string text in new[] { command, File.ReadAllText(world.File("shell")), File.ReadAllText(world.File("environ")) })
        {
            Assert.NotEmpty(text);
            Assert.DoesNotContain(secret, text);
        }

        string Told() => File.Exists(told) ? File.ReadAllText(told) : "";
    }

    [Fact]
    public async Task TellAsync_EachKind_RaisesItsEvent()
    {
        await using var world = new SpawnWorld();
        await using var daemon = new SpawnedDaemon(world.Fake(FakeProgram.Python()));
        var heard = new List<string>();
        daemon.Block += (_, e) => Add("block " + e);
        daemon.Wallet += (_, e) => Add("wallet " + e);
        daemon.Alert += (_, e) => Add("alert " + e);

        await daemon.TellAsync(NotifyKind.Block, Hash);
        await daemon.TellAsync(NotifyKind.Wallet, "ab");
        await daemon.TellAsync(NotifyKind.Alert, "'; rm -rf \n *");
        await daemon.TellAsync(NotifyKind.Block, "no hash");

        Assert.Equal(
            [
                "block " + new DaemonNotice(NotifyKind.Block, Hash), "wallet " + new DaemonNotice(NotifyKind.Wallet, "ab"),
                "alert " + new DaemonNotice(NotifyKind.Alert, "'; rm -rf \n *"),
                "block " + new DaemonNotice(NotifyKind.Block, "no hash"),
            ],
            heard);

        ValueTask Add(string text)
        {
            heard.Add(text);
            return default;
        }
    }

    [Fact]
    public async Task TellAsync_Block_ReachesEveryCoinDaemon()
    {
        await using var world = new SpawnWorld();
        await using var daemon = new SpawnedDaemon(world.Fake(FakeProgram.Python()) with { Port = FreePort.Next() });
        CoinNetwork network = Coin.Litecoin.Networks.Single(one => one.Name == "regtest");
        IBlockSource source = Assert.Single(daemon.ToCoinDaemonOptions(Coin.Litecoin, network).BlockSources);
        await using var first = source.BlocksAsync(Ct).GetAsyncEnumerator(Ct);
        await using var second = source.BlocksAsync(Ct).GetAsyncEnumerator(Ct);
        Task<bool>[] moved = [first.MoveNextAsync().AsTask(), second.MoveNextAsync().AsTask()];

        await daemon.TellAsync(NotifyKind.Block, Hash);

        Assert.All(await Task.WhenAll(moved).WaitAsync(SpawnWorld.Patience, Ct), Assert.True);
        Assert.Equal(Hash, first.Current.ToString());
        Assert.Equal(Hash, second.Current.ToString());
    }
}
