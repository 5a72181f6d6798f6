using System.Net;
using Stratum.Rpc;

namespace Stratum.Server.Tests;

public sealed class RpcServerOptionsTests
{
    [Fact]
    public void Defaults_AreThoseOfTheDocs()
    {
        var options = new RpcServerOptions();
        Assert.Equal(IPAddress.Loopback, options.Address);
        Assert.Equal(1337, options.Port);
        Assert.Equal(RpcMode.Tcp, options.Mode);
        Assert.Empty(options.PasswordHashes);
        Assert.Empty(options.SecretHashes);
        Assert.Null(options.HttpStatus);
        Assert.Null(options.HttpFilter);
        Assert.Null(options.Admits);
        Assert.Same(TimeProvider.System, options.TimeProvider);
        Assert.Null(options.LoggerFactory);
        var limits = options.Limits;
        Assert.Equal(1_048_576, limits.MaxMessageBytes);
        Assert.Equal(67_108_864, limits.MaxUnfinishedBytes);
        Assert.Equal(100, limits.MaxBatch);
        Assert.Equal(10, limits.MaxWrongPasswords);
        Assert.Equal(4096, limits.MaxConnections);
        Assert.Equal(2048, limits.MaxConnectionsPerAddress);
        Assert.Equal(TimeSpan.FromSeconds(15), limits.FirstBytesTimeout);
        Assert.Equal(TimeSpan.FromSeconds(15), limits.MessageTimeout);
        Assert.Equal(TimeSpan.FromMinutes(2), limits.IdleTimeout);
        Assert.Equal(TimeSpan.FromSeconds(60), limits.CallTimeout);
        Assert.Equal(TimeSpan.FromSeconds(30), limits.WriteTimeout);
        Assert.Equal(TimeSpan.FromSeconds(5), limits.StopTimeout);
        Assert.Empty(options.Validate());
    }

    [Fact]
    public void Constructor_OtherAddressWithoutAPassword_RefusedWithTheWay()
    {
        var options = new RpcServerOptions { Address = IPAddress.Any };
        var error = Assert.Throws<ArgumentException>(() => new RpcServer(options));
        Assert.Contains("hash-password", error.Message);
        Assert.Contains("0.0.0.0", error.Message);
        options.PasswordHashes.Add(RpcPassword.Hash("x"));
        _ = new RpcServer(options);
        options.PasswordHashes.Clear();
        options.SecretHashes.Add(RpcPassword.Hash("x"));
        Assert.True(new RpcServer(options).Dispatcher.WantsPassword);
        options.SecretHashes.Clear();
        options.Address = IPAddress.IPv6Loopback;
        _ = new RpcServer(options);
    }

    [Fact]
    public void Constructor_DispatcherOfYours_AsksItForThePassword()
    {
        var open = new RpcDispatcher();
        var closed = new RpcDispatcher(new RpcDispatcherOptions { PasswordHashes = [RpcPassword.Hash("x")] });
        var options = new RpcServerOptions { Address = IPAddress.Any };
        Assert.Throws<ArgumentException>(() => new RpcServer(open, options));
        Assert.Same(closed, new RpcServer(closed, options).Dispatcher);
        Assert.Empty(closed.Names);
        options.PasswordHashes.Add(RpcPassword.Hash("x"));
        Assert.Contains("RpcDispatcherOptions.PasswordHashes", Assert.Throws<ArgumentException>(() => new RpcServer(closed, options)).Message);
        options.PasswordHashes.Clear();
        options.SecretHashes.Add(RpcPassword.Hash("x"));
        Assert.Contains("RpcDispatcherOptions.SecretHashes", Assert.Throws<ArgumentException>(() => new RpcServer(closed, options)).Message);
        // Beside an open one they are no password either.
        Assert.Contains("there is no password", Assert.Throws<ArgumentException>(() => new RpcServer(open, options)).Message);
    }

    [Fact]
    public void Validate_EverythingWrong_AllAtOnceAndNoPassword()
    {
        var options = new RpcServerOptions { Port = 70000, Mode = (RpcMode)9 };
        options.PasswordHashes.Add("my password");
        options.SecretHashes.Add("my password");
        options.Limits.MaxMessageBytes = 10;
        options.Limits.MaxUnfinishedBytes = 9;
        options.Limits.MaxBatch = 0;
        options.Limits.MaxWrongPasswords = 0;
        options.Limits.MaxConnections = 0;
        options.Limits.MaxConnectionsPerAddress = 0;
        options.Limits.FirstBytesTimeout = TimeSpan.Zero;
        options.Limits.MessageTimeout = TimeSpan.Zero;
        options.Limits.IdleTimeout = TimeSpan.Zero;
        options.Limits.WriteTimeout = TimeSpan.Zero;
        options.Limits.StopTimeout = TimeSpan.Zero;
        options.Limits.CallTimeout = TimeSpan.Zero;

        var errors = options.Validate();

        Assert.Equal(16, errors.Count);
        Assert.Contains(errors, error => error.StartsWith("PasswordHashes[0]", StringComparison.Ordinal));
        Assert.Contains(errors, error => error.StartsWith("SecretHashes[0]", StringComparison.Ordinal));
        Assert.DoesNotContain(errors, error => error.Contains("my password", StringComparison.Ordinal));
        var thrown = Assert.Throws<ArgumentException>(() => new RpcServer(options));
        Assert.All(errors, error => Assert.Contains(error, thrown.Message));
        Assert.DoesNotContain("my password", thrown.ToString());
    }

    [Fact]
    public async Task Options_ChangedAfterwards_HaveNoEffect()
    {
        var options = new RpcServerOptions { Port = 0 };
        await using var server = new RpcServer(options);
        options.PasswordHashes.Add(RpcPassword.Hash("x"));
        options.SecretHashes.Add(RpcPassword.Hash("x"));
        options.Limits.MaxConnections = 1;
        Assert.False(server.Dispatcher.WantsPassword);
        Assert.Empty(server.Options.PasswordHashes);
        Assert.Empty(server.Options.SecretHashes);
        Assert.Equal(4096, server.Options.Limits.MaxConnections);
    }
}
