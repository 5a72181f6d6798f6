using Stratum.Testing;

namespace Stratum.Daemon.Tests;

public sealed class ConfigFileTests
{
    private static readonly DaemonNetwork s_testnet = DaemonDefinition.Litecoin.FindNetwork("testnet");

    [Theory]
    [InlineData("rpcport=1", "1", null, null)]
    [InlineData("# rpcport=0\n rpcport = 1 # one\nrpcport=2", "1", null, null)]
    [InlineData("rpcport=1\n[test]\nrpcport=2\n[regtest]\nrpcport=3\nrpcport=4", "1", "2", "3")]
    [InlineData("rpcport=1\ntest.rpcport=2\n[main]\nrpcport=5", "5", "2", null)]
    [InlineData("[regtest]\ntest.rpcport=2\nrpcport\nrpcports=4", null, null, null)]
    [InlineData("", null, null, null)]
    public void Find_PortOfANetwork_IsReadAsTheDaemonDoes(string text, string? main, string? test, string? regtest)
    {
        using var folder = new TempFolder();
        string file = folder.File("litecoin.conf");
        File.WriteAllText(file, text);

        Assert.Equal(
            (main, test, regtest),
            (ConfigFile.Find(file, DaemonNetwork.Mainnet, "rpcport"), ConfigFile.Find(file, s_testnet, "rpcport"),
                ConfigFile.Find(file, DaemonNetwork.Regtest, "rpcport")));
    }

    [Fact]
    public void Find_NoFileOrAFolder_IsNull()
    {
        using var folder = new TempFolder();

        Assert.Null(ConfigFile.Find(folder.File("nothing"), DaemonNetwork.Mainnet, "rpcport"));
        Assert.Null(ConfigFile.Find(folder.Path, DaemonNetwork.Mainnet, "rpcport"));
    }
}
