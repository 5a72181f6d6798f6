namespace Stratum.Daemon.Tests;

public sealed class SpawnArgumentsTests
{
    private static readonly SpawnedDaemonOptions s_options = new()
    {
        Name = "fake", Path = "/d", StateFolder = "/s", Network = DaemonNetwork.Regtest,
    };

    [Fact]
    public void Build_NothingGiven_IsWhatADaemonNeeds() => Assert.Equal(
        [
            "-server=1", "-daemon=0", "-printtoconsole=0", "-regtest", "-datadir=/s/data", "-rpcbind=127.0.0.1",
            "-rpcallowip=127.0.0.1", "-rpcport=9332",
        ],
        SpawnArguments.Build(s_options, 9332, null, null));

    [Fact]
    public void Build_PeerPortConfigAndIpv6_AreThere()
    {
        IReadOnlyList<string> all = SpawnArguments.Build(s_options with { Host = "::1" }, 1, 2, "/s/daemon.conf");

        Assert.Contains("-port=2", all);
        Assert.Contains("-conf=/s/daemon.conf", all);
        Assert.Contains("-rpcbind=[::1]", all);
        Assert.Contains("-rpcallowip=::1", all);
    }

    [Theory]
    [InlineData("printtoconsole=1", "-printtoconsole=1", "-printtoconsole=0")]
    [InlineData("--rpcbind=10.0.0.1", "-rpcbind=10.0.0.1", "-rpcbind=127.0.0.1")]
    [InlineData("-noserver", "-noserver", "-server=1")]
    [InlineData("blocknotify=mine %s", "-blocknotify=mine %s", "-blocknotify='/n' --host")]
    public void Build_OnesOwn_ReplacesOurs(string given, string expected, string gone)
    {
        IReadOnlyList<string> all = SpawnArguments.Build(
            s_options with
            {
                Args = [given], Notify = [NotifyKind.Block], NotifyCommand = new NotifyCommand { Program = "/n", Port = 1 },
            },
            9332,
            null,
            null);

        Assert.Equal(expected, all[^1]);
        Assert.DoesNotContain(all, argument => argument.StartsWith(gone, StringComparison.Ordinal));
    }

    [Fact]
    public void Build_FormsOfTheAncestor_GetTheirDash() => Assert.Equal(
        ["-debug", "-debug=net", "-addnode=a=b", "-addnode=c"],
        SpawnArguments.Build(s_options with { Args = ["debug", "-debug=net", "addnode=a=b", "--addnode=c"] }, 1, null, null)
            .TakeLast(4));

    [Fact]
    public void Build_ConfigOfOnesOwn_YieldsToOursWhereThereIsOne()
    {
        SpawnedDaemonOptions options = s_options with { Args = ["conf=/etc/own.conf"] };

        Assert.Contains("-conf=/etc/own.conf", SpawnArguments.Build(options, 1, null, null));
        Assert.Equal("-conf=/s/daemon.conf", Assert.Single(
            SpawnArguments.Build(options, 1, null, "/s/daemon.conf"), argument => argument.StartsWith("-conf", StringComparison.Ordinal)));
    }

    [Fact]
    public void Differences_TwoLists_NamesOptionsNotValues() => Assert.Equal(
        ["-b", "-c", "-d"],
        SpawnArguments.Differences(["/program", "-a=1", "-b=1", "-c"], ["-a=1", "-b=2", "-d=0"]));
}
