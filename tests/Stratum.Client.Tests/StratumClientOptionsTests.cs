namespace Stratum.Client.Tests;

public sealed class StratumClientOptionsTests
{
    [Fact]
    public void Defaults_AreTheDocumentedOnes()
    {
        var options = new StratumClientOptions();
        Assert.StartsWith("Stratum.NET/", options.UserAgent, StringComparison.Ordinal);
        Assert.Null(options.User);
        Assert.Equal("x", options.Password);
        Assert.Null(options.VersionRollingMask);
        Assert.Null(options.SuggestDifficulty);
        Assert.False(options.SubscribeExtranonce);
        Assert.Equal(TimeSpan.FromSeconds(15), options.ConnectTimeout);
        Assert.Equal(TimeSpan.FromSeconds(30), options.CallTimeout);
        Assert.Equal(TimeSpan.FromSeconds(5), options.ConfigureTimeout);
        Assert.Equal(TimeSpan.FromSeconds(120), options.SilenceTimeout);
        Assert.True(options.Reconnect);
        Assert.Equal(TimeSpan.FromSeconds(1), options.ReconnectDelay);
        Assert.Equal(TimeSpan.FromSeconds(60), options.MaxReconnectDelay);
        Assert.Equal(Timeout.InfiniteTimeSpan, options.ReconnectFor);
        Assert.False(options.RetryRefusedLogin);
        Assert.True(options.FollowReconnect);
        Assert.Empty(options.ReconnectHosts);
        Assert.Equal(TimeSpan.FromSeconds(60), options.MaxReconnectWait);
        Assert.Equal(1 << 20, options.MaxLineLength);
        Assert.Equal(1000, options.MaxPendingCalls);
        Assert.Equal(1 << 20, options.MaxSendBuffer);
        Assert.Null(options.TlsHost);
        Assert.Null(options.TlsTrustedRoots);
        Assert.False(options.DangerousAcceptAnyCertificate);
        Assert.Null(options.LoggerFactory);
        Assert.Same(TimeProvider.System, options.TimeProvider);
        Assert.Empty(options.Validate());
    }

    [Fact]
    public void Default_SetOnce_IsWhatNewOptionsStartFrom()
    {
        var before = StratumClientOptions.Default;
        try
        {
            StratumClientOptions.Default = before with { MaxPendingCalls = 7 };
            Assert.Equal(7, new StratumClientOptions { User = "me" }.MaxPendingCalls);
            Assert.Equal(1000, before.MaxPendingCalls);
        }
        finally
        {
            StratumClientOptions.Default = before;
        }
    }

    [Fact]
    public async Task Constructor_BadOptions_NamesThemAll()
    {
        var bad = new StratumClientOptions
        {
            CallTimeout = TimeSpan.Zero, MaxPendingCalls = 0, MaxLineLength = 1, User = "", MaxSendBuffer = 0,
            ReconnectDelay = TimeSpan.Zero, MaxReconnectWait = -TimeSpan.FromSeconds(1),
        };
        var error = Assert.Throws<ArgumentException>(() => new StratumClient(bad));
        foreach (string name in (string[])["CallTimeout", "MaxPendingCalls", "MaxLineLength", "User", "MaxSendBuffer", "ReconnectDelay", "MaxReconnectWait"])
            Assert.Contains(name, error.Message, StringComparison.Ordinal);
        await new StratumClient().DisposeAsync();
    }

    [Fact]
    public void ToString_Password_IsNotShown() =>
        Assert.DoesNotContain("secret", new StratumClientOptions { User = "me", Password = "secret" }.ToString(), StringComparison.Ordinal);
}
