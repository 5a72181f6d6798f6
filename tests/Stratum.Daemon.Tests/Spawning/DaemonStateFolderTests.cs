using Stratum.Testing;

namespace Stratum.Daemon.Tests;

public sealed class DaemonStateFolderTests
{
    [Fact]
    public void Open_NewFolder_IsPrivateAndKeepsPortAndSecret()
    {
        using var temp = new TempFolder();
        DaemonStateFolder folder = DaemonStateFolder.Open(temp.File("a/state"));

        Assert.Null(folder.RpcServerPort);
        folder.RpcServerPort = 1337;
        string secret = folder.ReadNotifyPassword();
        DaemonStateFolder again = DaemonStateFolder.Open(temp.File("a/state"));

        Assert.Matches("^[0-9a-f]{64}$", secret);
        Assert.Equal(1337, again.RpcServerPort);
        Assert.Equal(secret, again.ReadNotifyPassword());
        Assert.Equal(secret, File.ReadAllText(again.NotifyPasswordFile).Trim());
        Assert.Equal((UnixFileMode)0b111_000_000, SpawnWorld.ModeOf(folder.Path));
        Assert.Equal((UnixFileMode)0b110_000_000, SpawnWorld.ModeOf(folder.NotifyPasswordFile));
        again.RpcServerPort = null;
        Assert.Null(folder.RpcServerPort);
    }

    [Fact]
    public void Open_FolderThatOthersMayRead_IsClosed()
    {
        using var temp = new TempFolder();
        SpawnWorld.SetMode(temp.Path, (UnixFileMode)0b111_101_101);

        DaemonStateFolder.Open(temp.Path);

        Assert.Equal((UnixFileMode)0b111_000_000, SpawnWorld.ModeOf(temp.Path));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("65536")]
    [InlineData("-1")]
    [InlineData("13x")]
    [InlineData("")]
    public void RpcServerPort_DamagedFile_IsNone(string text)
    {
        using var temp = new TempFolder();
        File.WriteAllText(temp.File("rpc-server-port"), text);

        Assert.Null(DaemonStateFolder.Open(temp.Path).RpcServerPort);
    }

    [Fact]
    public void ForDaemon_Name_IsAFolderBelow()
    {
        using var temp = new TempFolder();

        Assert.Equal(temp.File("litecoin"), DaemonStateFolder.Open(temp.Path).ForDaemon("litecoin"));
    }
}
