using System.Text;
using Stratum.Mining;
using Stratum.Rpc;
using Stratum.Testing;

namespace Stratum.Daemon.Tests;

/// <summary>A password is in a file of ours (0600) and nowhere else.</summary>
public sealed class SecretsTests
{
    private const string User = "miner";
    private const string Password = "s3cret'\"$(word) %s";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Password_Given_IsInNoListLogOrError()
    {
        await using var world = new SpawnWorld();
        Environment.SetEnvironmentVariable("STRATUM_TEST_PASSWORD_OF_OURS", Password);
        await using var daemon = new SpawnedDaemon(world.Litecoind() with { User = User, Password = Password });
        // In the data folder are other credentials, of the network's own section even.
        Directory.CreateDirectory(daemon.Options.DataFolder);
        File.WriteAllText(
            Path.Combine(daemon.Options.DataFolder, "litecoin.conf"),
            "rpcuser=other\nrpcpassword=other\nuacomment=included\n[regtest]\nrpcuser=another\nrpcpassword=another\n");

        await daemon.StartAsync(Ct);

        AssertNothing(Password, world, daemon);
        Assert.DoesNotContain(Password, daemon.Options.ToString());
        Assert.DoesNotContain(Password, Coined(daemon).ToString());
        string software = (await daemon.CallAsync("getnetworkinfo", cancellationToken: Ct))
            .GetProperty("subversion").GetString()!;
        Assert.Contains("included", software);
        AssertPrivate(world.State);
        await AssertMinableAsync(daemon);
        await daemon.StopAsync(Ct);
        AssertNowhereBelow(world.State, Password);
    }

    [Fact]
    public async Task Password_Generated_IsRandomPrivateAndGoneAtTheEnd()
    {
        await using var world = new SpawnWorld();
        await using var daemon = new SpawnedDaemon(world.Litecoind() with { GenerateCredentials = true });
        await daemon.StartAsync(Ct);
        string[] first = Generated(world);

        Assert.Matches("^[0-9a-f]{32}$", first[0]);
        Assert.Matches("^[0-9a-f]{64}$", first[1]);
        AssertNothing(first[1], world, daemon);
        AssertPrivate(world.State);
        Assert.False(File.Exists(Path.Combine(daemon.Options.NetworkFolder, ".cookie")));
        await AssertMinableAsync(daemon);

        await daemon.StopAsync(Ct);
        AssertNowhereBelow(world.State, first[1]);
        await daemon.StartAsync(Ct);
        Assert.NotEqual(first[1], Generated(world)[1]);
        await AssertMinableAsync(daemon);
    }

    [Fact]
    public async Task Password_RefusedByTheDaemonThatRuns_IsInNoError()
    {
        await using var world = new SpawnWorld();
        await using var stranger = LitecoindNode.Start(
            world.File("data"), FreePort.Next(), "-listen=0", "-rpcuser=somebody", "-rpcpassword=else");
        await SpawnWorld.UntilAsync(() => File.Exists(world.File("data/regtest/.lock")), "its lock");
        await using var daemon = new SpawnedDaemon(world.Litecoind() with
        {
            DataDir = world.File("data"), User = User, Password = Password,
        });

        DaemonStartException e = await Assert.ThrowsAsync<DaemonStartException>(() => daemon.StartAsync(Ct));

        Assert.Equal(DaemonStartFailure.DataFolderInUse, e.Failure);
        Assert.Contains("HTTP 401", e.Message);
        Assert.DoesNotContain("s3cret", e.ToString());
        Assert.DoesNotContain("s3cret", world.Log.All);
    }

    [Fact]
    public async Task Password_InTheDaemonsLastWords_IsMasked()
    {
        await using var world = new SpawnWorld();
        await using var daemon = new SpawnedDaemon(
            world.Fake("#!/bin/sh\nfor a; do case $a in -conf=*) cat \"${a#-conf=}\";; esac; done\nexit 1\n") with
            {
                User = User, Password = Password,
            });

        DaemonStartException e = await Assert.ThrowsAsync<DaemonStartException>(() => daemon.StartAsync(Ct));

        Assert.Contains("rpcpassword=***", e.Message);
        Assert.DoesNotContain("s3cret", e.ToString());
    }

    [Fact]
    public async Task Environment_OfTheDaemon_HasOnlyWhatProgramsNeed()
    {
        await using var world = new SpawnWorld();
        Environment.SetEnvironmentVariable("STRATUM_TEST_OTHER", "anything");
        await using var daemon = new SpawnedDaemon(world.Fake(FakeProgram.Python()));

        await daemon.StartAsync(Ct);

        string environment = Read($"/proc/{daemon.Pid}/environ");
        Assert.Contains($"HOME={world.State}/home\0", environment);
        Assert.Contains("PATH=", environment);
        string runtime = environment.Split('\0').Single(one => one.StartsWith("DOTNET_ROOT=", StringComparison.Ordinal))[12..];
        Assert.True(Directory.Exists(Path.Combine(runtime, "host", "fxr")), runtime);
        Assert.DoesNotContain("STRATUM_TEST", environment);
    }

    private static CoinDaemonOptions Coined(SpawnedDaemon daemon) =>
        daemon.ToCoinDaemonOptions(Coin.Litecoin, Coin.Litecoin.Networks.Single(one => one.Name == "regtest"));

    // Its kept connection goes with it: litecoind 0.21 ends only without.
    private static async Task AssertMinableAsync(SpawnedDaemon daemon)
    {
        await using var coin = new CoinDaemon(Coined(daemon));
        Assert.Equal(0, (await coin.GetHealthAsync(Ct)).Height);
    }

    private static string[] Generated(SpawnWorld world) =>
        File.ReadAllText(Path.Combine(world.State, "credentials")).Trim().Split(':');

    private static void AssertNothing(string secret, SpawnWorld world, SpawnedDaemon daemon)
    {
        Assert.DoesNotContain(secret, Read($"/proc/{daemon.Pid}/cmdline"));
        Assert.DoesNotContain(secret, Read($"/proc/{daemon.Pid}/environ"));
        Assert.NotEmpty(world.Log.All);
        Assert.DoesNotContain(secret, world.Log.All);
        Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)), world.Log.All);
        Assert.DoesNotContain(secret, daemon.Status.ToString());
    }

    private static void AssertPrivate(string folder)
    {
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        Assert.Equal((UnixFileMode)0, SpawnWorld.ModeOf(folder) & Others);
        string[] files = Directory.GetFiles(folder);
        Assert.Contains(Path.Combine(folder, "daemon.conf"), files);
        Assert.All(files, file => Assert.Equal((UnixFileMode)0, SpawnWorld.ModeOf(file) & Others));
    }

    private static void AssertNowhereBelow(string folder, string secret) => Assert.DoesNotContain(
        Directory.GetFiles(folder, "*", SearchOption.AllDirectories), file => Read(file).Contains(secret));

    private static string Read(string file) => Encoding.UTF8.GetString(File.ReadAllBytes(file));
}
