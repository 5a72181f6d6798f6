using Stratum.Client;

namespace Stratum.Simulation.Tests;

public sealed class LoadOptionsTests
{
    private static LoadOptions Fine => new() { Url = new StratumUrl("127.0.0.1", 1), Mode = LoadMode.Submit };

    [Fact]
    public void Options_Defaults_AreTheDocumentedOnes()
    {
        LoadOptions options = Fine;
        Assert.Equal((50, null, null), (options.Connections, options.Window, options.Rate));
        Assert.Equal((TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1)), (options.Duration, options.WarmUp));
        Assert.Equal(("bench.1", "x", "sha256d"), (options.User, options.Password, options.Algorithm));
        Assert.Equal((TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(5)), (options.LoginTimeout, options.DrainTimeout));
        Assert.Null(options.ServerPid);
        Assert.False(options.OwnsServer);
        Assert.Empty(options.Validate());
        Assert.Equal(1, options.ActualWindow);
        Assert.Equal(0, (options with { Rate = 5 }).ActualWindow);
        Assert.Equal(0, (options with { Mode = LoadMode.Idle }).ActualWindow);
    }

    [Theory]
    [InlineData(3, 1, 60)]
    [InlineData(3, 90, 90)]
    [InlineData(19_000, 10, 190)]
    public void AllLoginsTimeout_Sessions_AMinuteOneLoginOrTenMillisecondsEach(int connections, int login, int expected) =>
        Assert.Equal(TimeSpan.FromSeconds(expected),
            (Fine with { Connections = connections, LoginTimeout = TimeSpan.FromSeconds(login) }).AllLoginsTimeout);

    [Fact]
    public void Constructor_BadOptions_NamesThemAll()
    {
        LoadOptions bad = Fine with
        {
            Mode = (LoadMode)9, Connections = 0, Window = 0, Rate = -1, Duration = TimeSpan.FromHours(2), WarmUp = TimeSpan.FromSeconds(-1),
            User = "", Password = new string('x', 300), Algorithm = "x11", ServerPid = 0, LoginTimeout = TimeSpan.Zero,
            DrainTimeout = TimeSpan.FromDays(1),
        };
        var error = Assert.Throws<ArgumentException>(() => new LoadRun(bad));
        foreach (string name in (string[])["Mode is", "Connections is", "Window is", "Rate is", "both set", "Duration is", "WarmUp is", "User is",
            "Password is", "x11", "ServerPid is", "LoginTimeout is", "DrainTimeout is"])
        {
            Assert.Contains(name, error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(LoadMode.Idle)]
    [InlineData(LoadMode.Broadcast)]
    [InlineData(LoadMode.Connect)]
    public void Validate_PaceWhereNothingIsSubmitted_IsRefused(LoadMode mode)
    {
        Assert.Single((Fine with { Mode = mode, Window = 1 }).Validate());
        Assert.Single((Fine with { Mode = mode, Rate = 1 }).Validate());
        Assert.Empty((Fine with { Mode = mode }).Validate());
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(0)]
    public void Validate_RateThatIsNone_IsRefused(double rate) => Assert.Single((Fine with { Rate = rate }).Validate());

    [Fact]
    public void ToString_HidesThePassword() =>
        Assert.DoesNotContain("secret", (Fine with { Password = "secret" }).ToString(), StringComparison.Ordinal);

    [Fact]
    public async Task RunAsync_Twice_Refused()
    {
        var run = new LoadRun(Fine with { Url = new StratumUrl("192.0.2.1", 1) });
        await Assert.ThrowsAsync<LoadRefusedException>(() => run.RunAsync());
        await Assert.ThrowsAsync<InvalidOperationException>(() => run.RunAsync());
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.9.9.9", true)]
    [InlineData("::1", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("192.0.2.1", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("::ffff:192.0.2.1", false)]
    public void IsThisMachine_Addresses(string address, bool expected) =>
        Assert.Equal(expected, LocalHost.IsThisMachine(System.Net.IPAddress.Parse(address)));

    [Fact]
    public void IsThisMachine_EveryInterface_Is()
    {
        var own = System.Net.NetworkInformation.NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(one => one.GetIPProperties().UnicastAddresses);
        Assert.All(own, one => Assert.True(LocalHost.IsThisMachine(one.Address)));
    }

    [Fact]
    public async Task RunAsync_ForeignServer_RefusedWithWhatSaysThatItIsOurs()
    {
        var error = await Assert.ThrowsAsync<LoadRefusedException>(() => new LoadRun(Fine with { Url = new StratumUrl("192.0.2.1", 3333) }).RunAsync());
        Assert.Contains("--i-own-this-server", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_MoreConnectionsThanFiles_RefusedWithTheLimit()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the limit is read from /proc");
        Assert.SkipUnless(FileLimit.Check(LoadOptions.MaxConnections) is not null, "this machine has no such limit");
        var run = new LoadRun(Fine with { Connections = LoadOptions.MaxConnections });
        var error = await Assert.ThrowsAsync<LoadRefusedException>(() => run.RunAsync());
        Assert.Contains("ulimit -n", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_NoSuchProcess_Refused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are read from /proc");
        var run = new LoadRun(Fine with { ServerPid = int.MaxValue });
        var error = await Assert.ThrowsAsync<LoadRefusedException>(() => run.RunAsync());
        Assert.Contains($"{int.MaxValue}", error.Message, StringComparison.Ordinal);
    }
}
