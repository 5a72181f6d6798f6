namespace Stratum.Daemon.Tests;

public sealed class SpawnedDaemonOptionsTests
{
    private static readonly SpawnedDaemonOptions s_good = new() { Name = "fake", Path = "/d", StateFolder = "/s" };

    [Fact]
    public void Defaults_AreThese()
    {
        Assert.Null(s_good.User);
        Assert.Null(s_good.Password);
        Assert.False(s_good.GenerateCredentials);
        Assert.Equal("127.0.0.1", s_good.Host);
        Assert.Equal(0, s_good.Port);
        Assert.Null(s_good.PeerPort);
        Assert.Null(s_good.DataDir);
        Assert.Equal("/s/data", s_good.DataFolder);
        Assert.Null(s_good.ConfigFile);
        Assert.Equal(DaemonNetwork.Mainnet, s_good.Network);
        Assert.Empty(s_good.Args);
        Assert.True(s_good.Enable);
        Assert.Equal([NotifyKind.Block, NotifyKind.Wallet, NotifyKind.Alert], s_good.Notify);
        Assert.Null(s_good.NotifyCommand);
        Assert.Equal(TimeSpan.FromSeconds(60), s_good.StartTimeout);
        Assert.Equal(TimeSpan.FromMinutes(2), s_good.StopTimeout);
        Assert.Equal(TimeSpan.FromSeconds(30), s_good.TerminateTimeout);
        Assert.Equal(TimeSpan.FromSeconds(30), s_good.CallTimeout);
        Assert.Equal(TimeSpan.FromMilliseconds(100), s_good.CheckInterval);
        Assert.Equal(TimeSpan.FromSeconds(1), s_good.MinRestartDelay);
        Assert.Equal(TimeSpan.FromMinutes(1), s_good.MaxRestartDelay);
        Assert.Equal(TimeSpan.FromMinutes(5), s_good.StableAfter);
        Assert.Same(TimeProvider.System, s_good.TimeProvider);
        Assert.Null(s_good.LoggerFactory);
        var command = new NotifyCommand { Program = "/n", Port = 1 };
        Assert.Equal("127.0.0.1", command.Host);
        Assert.Null(command.PasswordFile);
        Assert.Empty(s_good.FindErrors());
    }

    [Fact]
    public void FindErrors_EverythingWrong_NamesEachOnce()
    {
        SpawnedDaemonOptions bad = new()
        {
            Name = "two\nlines", Path = " ", StateFolder = "", DataDir = "a\nb", ConfigFile = "", Host = "localhost",
            User = "a:b", Password = "x#y", GenerateCredentials = true, Port = -1, PeerPort = 65536,
            Args = ["-rpcpassword=topsecret", "rpcport=1", "", "nodaemon"],
            Notify = [NotifyKind.Block, (NotifyKind)9],
            NotifyCommand = new NotifyCommand { Program = "relative", Port = 0, PasswordFile = "relative" },
            StartTimeout = TimeSpan.Zero, MinRestartDelay = TimeSpan.FromMinutes(2),
        };

        string all = string.Join('\n', bad.FindErrors());

        foreach (string part in new[]
        {
            "Name must", "Path must", "StateFolder must", "DataDir must", "ConfigFile must", "Host must be an IP", "exclude each",
            "Password must", "a colon", "Port must be 0", "PeerPort must", "rpcpassword does not belong", "set Password",
            "rpcport does not belong", "is empty or", "nodaemon does not", "absolute paths", "NotifyCommand's Port",
            "not 9", "StartTimeout must", "MaxRestartDelay must not",
        })
        {
            Assert.Contains(part, all);
        }

        Assert.DoesNotContain("topsecret", all);
        Assert.DoesNotContain("x#y", all);
        var e = Assert.Throws<ArgumentException>(() => new SpawnedDaemon(bad));
        Assert.Contains("Path must", e.Message);
        Assert.Contains("StartTimeout must", e.Message);
    }

    [Theory]
    [InlineData("a", null, "given together")]
    [InlineData(null, "b", "given together")]
    [InlineData("a", " b", "blanks")]
    [InlineData("a", "", "not empty")]
    [InlineData("a", "b\nc", "one line")]
    public void FindErrors_Credentials_MustFitTheConfigurationFile(string? user, string? password, string part) =>
        Assert.Contains(part, Assert.Single((s_good with { User = user, Password = password }).FindErrors()));

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    public void FindErrors_HostOfEverybody_SaysHow(string host) =>
        Assert.Contains("-rpcbind", Assert.Single((s_good with { Host = host }).FindErrors()));

    [Theory]
    [InlineData("/a#b", "own.conf", null)]
    [InlineData("/a", "own#.conf", null)]
    [InlineData("/a", "own.conf ", null)]
    [InlineData("/a", null, "conf=own#.conf")]
    [InlineData("/a", null, "-conf=own\nrpcallowip=0.0.0.0/0")]
    public void FindErrors_ConfigFileThatOursCannotInclude_IsRefused(string folder, string? file, string? argument)
    {
        SpawnedDaemonOptions cookie = s_good with
        {
            DataDir = folder, ConfigFile = file, Args = argument is null ? [] : [argument],
        };

        // Without a file of ours the daemon reads its own by itself.
        Assert.Empty(cookie.FindErrors());
        Assert.Contains("without #", Assert.Single((cookie with { GenerateCredentials = true }).FindErrors()));
        Assert.Contains("without #", Assert.Single((cookie with { User = "u", Password = "p" }).FindErrors()));
    }

    [Fact]
    public void FindErrors_OddDataFolderWithoutAFileToInclude_IsFine() =>
        Assert.Empty((s_good with { DataDir = "/a#b", GenerateCredentials = true }).FindErrors());
}
