namespace Stratum.Daemon.Tests;

public sealed class DaemonDefinitionTests
{
    [Theory]
    [InlineData("bitcoin", 8332, "bitcoind", "bitcoin.conf", true)]
    [InlineData("litecoin", 9332, "litecoind", "litecoin.conf", true)]
    [InlineData("Peercoin", 9902, "peercoind", "peercoin.conf", true)]
    [InlineData("ppcoin", 9902, "peercoind", "peercoin.conf", true)]
    [InlineData("primecoin", 9912, "primecoind", "primecoin.conf", false)]
    public void Find_NameOrAlias_IsKnown(string name, int port, string program, string config, bool writesCookie)
    {
        DaemonDefinition found = DaemonDefinition.Find(name);

        Assert.Equal(
            (port, program, config, writesCookie), (found.RpcPort, found.Program, found.ConfigFile, found.WritesCookie));
        Assert.Equal("mainnet", found.Networks[0].Name);
    }

    [Fact]
    public void Find_Unknown_ListsTheKnown()
    {
        var e = Assert.Throws<ArgumentException>(() => DaemonDefinition.Find("dogecoin"));

        Assert.Contains("bitcoin, litecoin, peercoin (ppcoin), primecoin", e.Message);
        Assert.False(DaemonDefinition.TryFind("dogecoin", out _));
    }

    [Theory]
    [InlineData("testnet", "-testnet", "testnet4")]
    [InlineData("regtest", "-regtest", "regtest")]
    [InlineData("MAINNET", null, "")]
    public void FindNetwork_OfLitecoin_SaysHowItIsSelected(string name, string? argument, string folder)
    {
        DaemonNetwork network = DaemonDefinition.Litecoin.FindNetwork(name);

        Assert.Equal((argument, folder), (network.Argument, network.Folder));
    }

    [Theory]
    [InlineData("bitcoin", "8332 18332 38332 18443")]
    [InlineData("litecoin", "9332 19332 19443")]
    [InlineData("peercoin", "9902 9904 18443")]
    [InlineData("primecoin", "9912")]
    public void For_Networks_KnowTheirOwnRpcPorts(string name, string ports)
    {
        DaemonDefinition definition = DaemonDefinition.Find(name);

        IEnumerable<DaemonNetwork> networks = definition.Networks
            .Select(one => SpawnedDaemonOptions.For(definition, "/s", one).Network);

        Assert.Equal(ports, string.Join(' ', networks.Select(one => one.RpcPort)));
    }

    [Fact]
    public void For_NetworkThatTheDefinitionDoesNotKnow_IsTakenAsItIs()
    {
        var own = new DaemonNetwork("testnet4", "-testnet4", "testnet4");

        Assert.Equal(own, SpawnedDaemonOptions.For(DaemonDefinition.Bitcoin, "/s", own).Network);
        DaemonNetwork moved = DaemonNetwork.Regtest with { RpcPort = 1 };
        Assert.Equal(moved, SpawnedDaemonOptions.For(DaemonDefinition.Bitcoin, "/s", moved).Network);
    }

    [Fact]
    public void FindNetwork_Unknown_ListsTheKnown() => Assert.Contains(
        "mainnet, testnet, regtest",
        Assert.Throws<ArgumentException>(() => DaemonDefinition.Litecoin.FindNetwork("signet")).Message);

    [Fact]
    public void Definition_OfOnesOwn_NeedsANameAndAPort()
    {
        var own = new DaemonDefinition("dogecoin", 22555);

        SpawnedDaemonOptions options = SpawnedDaemonOptions.For(own, "/s");

        Assert.Equal(
            ("dogecoin", "dogecoind", 22555, "dogecoin.conf"),
            (options.Name, options.Path, options.Port, options.ConfigFile));
        Assert.Empty(options.FindErrors());
    }

    [Fact]
    public void For_PrimecoinAndOtherNetworks_GeneratesAndPicks()
    {
        Assert.True(SpawnedDaemonOptions.For(DaemonDefinition.Primecoin, "/s").GenerateCredentials);
        Assert.Equal(0, SpawnedDaemonOptions.For(DaemonDefinition.Bitcoin, "/s", DaemonNetwork.Regtest).Port);
        Assert.Equal(8332, SpawnedDaemonOptions.For(DaemonDefinition.Bitcoin, "/s", DaemonNetwork.Mainnet).Port);
        Assert.Equal("/x", SpawnedDaemonOptions.For(DaemonDefinition.Bitcoin, "/s", path: "/x").Path);
    }
}
