using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Stratum.Daemon;
using Stratum.Mining;
using Stratum.Rpc;
using Stratum.Server;
using Stratum.Testing;

namespace Stratum.Tests;

/// <summary>The order of the parts, what is said when one fails, and the way of a notice.</summary>
public sealed class StratumNodeTests
{
    private static readonly string s_hash = new('a', 64);

    [Fact]
    public async Task StartAndStop_TheRpcServerIsFirstAndTheStratumPortLast()
    {
        await using var node = new StratumNode(new StratumNodeOptions { Rpc = Rpc(), Server = new StratumServerOptions { Port = 0 } });
        var seen = new List<string>();
        node.Add(new NodePart("A part", _ =>
        {
            seen.Add($"start: rpc {node.Rpc!.EndPoint is not null}, stratum {node.Server!.EndPoints.Count > 0}");
            return Task.CompletedTask;
        }, () =>
        {
            seen.Add($"stop: rpc {node.Rpc!.EndPoint is not null}, stratum {node.Server!.EndPoints.Count > 0}");
            return Task.CompletedTask;
        }));

        await node.StartAsync(TestContext.Current.CancellationToken);
        Assert.Single(node.Server!.EndPoints);
        await node.StopAsync();

        Assert.Equal(["start: rpc True, stratum False", "stop: rpc True, stratum False"], seen);
        Assert.Null(node.Rpc!.EndPoint);
    }

    [Fact]
    public async Task StartAsync_RpcPortIsTaken_SaysSoAndNothingRuns()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var rpc = Rpc();
        rpc.Port = ((IPEndPoint)other.LocalEndpoint).Port;
        await using var node = new StratumNode(new StratumNodeOptions { Rpc = rpc, Server = new StratumServerOptions { Port = 0 } });

        var error = await Assert.ThrowsAsync<NodeStartException>(() => node.StartAsync());

        Assert.Equal("The RPC server", error.Part);
        Assert.Contains($"{rpc.Port}", error.Message);
        Assert.Empty(node.Server!.EndPoints);
    }

    [Fact]
    public async Task StartAsync_DaemonCannotBeStarted_SaysWhichAndTheRpcPortIsFreeAgain()
    {
        using var folder = new TempFolder();
        var state = DaemonStateFolder.Open(folder.File("state"));
        await using var node = new StratumNode(new StratumNodeOptions { Rpc = Rpc(), StateFolder = state });
        node.Add(Daemon(state, "gone", "/no/such/daemon"));

        var error = await Assert.ThrowsAsync<NodeStartException>(() => node.StartAsync());

        Assert.Equal("The daemon gone", error.Part);
        Assert.Contains("/no/such/daemon", error.Message);
        Assert.Null(node.Rpc!.EndPoint);
    }

    [Fact]
    public async Task StartAsync_DaemonIsNotEnabled_IsLeftAlone()
    {
        using var folder = new TempFolder();
        var state = DaemonStateFolder.Open(folder.File("state"));
        await using var node = new StratumNode();
        node.Add(new SpawnedDaemon(Daemon(state, "gone", "/no/such/daemon").Options with { Enable = false }));

        await node.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal(SpawnedState.Stopped, node.Daemons[0].State);
    }

    [Theory]
    [InlineData("mining.block", "Litecoin")]
    [InlineData("mining.update_block", "litecoin")]
    public async Task Notice_OfAFollowedSource_ReachesItWhateverItsCase(string method, string source)
    {
        await using var node = new StratumNode(new StratumNodeOptions { Rpc = Rpc() });
        await using var blocks = node.BlocksOf("litecoin").BlocksAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator();
        var heard = blocks.MoveNextAsync().AsTask();
        await node.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal("true", await TellAsync(node, method, s_hash, source));

        Assert.True(await heard.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(Hash256.Parse(s_hash), blocks.Current);
    }

    [Fact]
    public async Task Start_AfterAStop_HasThePortThatDaemonsWereTold()
    {
        using var folder = new TempFolder();
        var state = DaemonStateFolder.Open(folder.File("state"));
        await using var node = new StratumNode(new StratumNodeOptions { Rpc = Rpc(), StateFolder = state, NotifyProgram = "/bin/true" });
        node.Add(new SpawnedDaemon(Daemon(state, "one", "/x").Options with { Enable = false }));
        await node.StartAsync(TestContext.Current.CancellationToken);
        var command = node.Daemons[0].NotifyCommand!;
        Assert.Equal(node.Rpc!.Port, command.Port);
        await node.StopAsync();

        await node.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal(command.Port, node.Rpc!.Port);
        Assert.Equal(command, node.Daemons[0].NotifyCommand);
    }

    [Fact]
    public async Task StartAsync_StateFolderIsInUse_SaysSoAndKeepsThePortOfTheOther()
    {
        using var folder = new TempFolder();
        var state = DaemonStateFolder.Open(folder.File("state"));
        await using var first = new StratumNode(new StratumNodeOptions { Rpc = Rpc(), StateFolder = state, NotifyProgram = "/bin/true" });
        await first.StartAsync(TestContext.Current.CancellationToken);
        await using var second = new StratumNode(new StratumNodeOptions { Rpc = Rpc(), StateFolder = state, NotifyProgram = "/bin/true" });

        var error = await Assert.ThrowsAsync<NodeStartException>(() => second.StartAsync());

        Assert.Contains(state.Path, error.Message);
        Assert.Null(second.Rpc!.EndPoint);
        Assert.Equal(first.Rpc!.Port, state.RpcServerPort);
        await first.StopAsync();
        await second.StartAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("mining.block")]
    [InlineData("mining.wallet")]
    [InlineData("mining.alert")]
    public async Task Notice_OfAnotherSource_IsRefusedAndThoseThatThereAreAreNamed(string method)
    {
        using var folder = new TempFolder();
        var state = DaemonStateFolder.Open(folder.File("state"));
        await using var node = new StratumNode(new StratumNodeOptions { Rpc = Rpc() });
        node.BlocksOf("litecoin");
        node.Add(new SpawnedDaemon(Daemon(state, "peercoin", "/no/such/daemon").Options with { Enable = false }));
        await node.StartAsync(TestContext.Current.CancellationToken);

        var refused = await Assert.ThrowsAsync<RpcException>(() => TellAsync(node, method, s_hash, "dogecoin"));

        Assert.Equal(RpcErrors.InvalidParams, refused.Code);
        Assert.Contains("litecoin, peercoin", refused.Message);
    }

    [Fact]
    public async Task Notice_NodeWithoutSources_IsForHandlersOfYourOwn()
    {
        await using var node = new StratumNode(new StratumNodeOptions { Rpc = Rpc() });
        var told = "";
        node.Rpc!.Wallet += (_, notice) =>
        {
            told = $"{notice.Source}: {notice.Data}";
            return default;
        };
        await node.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal("true", await TellAsync(node, "mining.wallet", "a $(text) 'of' \"any\" kind\n", "dogecoin"));

        Assert.Equal("dogecoin: a $(text) 'of' \"any\" kind\n", told);
    }

    [Fact]
    public async Task Notice_OfADaemon_RaisesItsEvent()
    {
        using var folder = new TempFolder();
        var state = DaemonStateFolder.Open(folder.File("state"));
        await using var node = new StratumNode(new StratumNodeOptions { Rpc = Rpc() });
        var daemon = Daemon(state, "litecoin", "/no/such/daemon");
        node.Add(new SpawnedDaemon(daemon.Options with { Enable = false }));
        var told = new List<string>();
        node.Daemons[0].Alert += (_, notice) => Add("alert", notice);
        node.Daemons[0].Block += (_, notice) => Add("block", notice);
        await node.StartAsync(TestContext.Current.CancellationToken);

        await TellAsync(node, "mining.alert", "low disk", "litecoin");
        await TellAsync(node, "mining.block", s_hash, "litecoin");

        Assert.Equal(["alert low disk", "block " + s_hash], told);

        ValueTask Add(string kind, DaemonNotice notice)
        {
            told.Add($"{kind} {notice.Data}");
            return default;
        }
    }

    [Fact]
    public async Task StateFolder_KeepsPortAndSecretForTheNextStart()
    {
        using var folder = new TempFolder();
        var state = DaemonStateFolder.Open(folder.File("state"));
        int port;
        await using (var first = WithState())
        {
            await first.StartAsync(TestContext.Current.CancellationToken);
            port = first.Rpc!.Port;
            Assert.Equal(port, state.RpcServerPort);
            var refused = await Assert.ThrowsAsync<RpcException>(() => TellAsync(first, "mining.block", s_hash, "x"));
            Assert.Equal(RpcErrors.PasswordRefused, refused.Code);
        }
        var secret = state.ReadNotifyPassword();

        await using var second = WithState();
        await second.StartAsync(TestContext.Current.CancellationToken);
        // Wrong passwords of others do not shut the daemons out.
        for (var i = 0; i < 3; i++)
            await Assert.ThrowsAsync<RpcException>(() => TellAsync(second, "mining.block", s_hash, "x", "guess"));

        Assert.Equal(port, second.Rpc!.Port);
        Assert.Equal("true", await TellAsync(second, "mining.block", s_hash, "x", secret));

        StratumNode WithState()
        {
            var rpc = Rpc();
            rpc.Limits.MaxWrongPasswords = 2;
            return new StratumNode(new StratumNodeOptions { Rpc = rpc, StateFolder = state, NotifyProgram = "/bin/true" });
        }
    }

    [Fact]
    public async Task Add_StartedOrTwice_IsRefused()
    {
        using var folder = new TempFolder();
        var state = DaemonStateFolder.Open(folder.File("state"));
        await using var node = new StratumNode();
        node.Add(new SpawnedDaemon(Daemon(state, "one", "/x").Options with { Enable = false }));
        Assert.Throws<ArgumentException>(() => node.Add(Daemon(state, "ONE", "/x")));

        await node.StartAsync(TestContext.Current.CancellationToken);

        Assert.Throws<InvalidOperationException>(() => node.Add(Daemon(state, "two", "/x")));
        await Assert.ThrowsAsync<InvalidOperationException>(() => node.StartAsync());
        await node.StopAsync();
        node.Add(new NodePart("later", _ => Task.CompletedTask, () => Task.CompletedTask));
    }

    [Fact]
    public void Options_AllThatIsWrong_IsSaidAtOnce()
    {
        var options = new StratumNodeOptions
        {
            Server = new StratumServerOptions { Port = -1 },
            Rpc = new RpcServerOptions { Port = -2 },
            NotifyProgram = "blocknotify",
        };

        var error = Assert.Throws<ArgumentException>(() => new StratumNode(options));

        Assert.Contains("-1", error.Message);
        Assert.Contains("-2", error.Message);
        Assert.Contains("absolute path", error.Message);
    }

    [Fact]
    public void Options_DaemonsCallAPortThatSpeaksHttpOnly_IsRefused()
    {
        using var folder = new TempFolder();
        var options = new StratumNodeOptions
        {
            Rpc = new RpcServerOptions { Port = 0, Mode = RpcMode.Http },
            StateFolder = DaemonStateFolder.Open(folder.File("state")),
            NotifyProgram = "/bin/true",
        };

        Assert.Contains("Both", Assert.Single(options.Validate()));
        options.StateFolder = null;
        Assert.Empty(options.Validate());
    }

    [Fact]
    public void Options_Defaults_AreThese()
    {
        var options = new StratumNodeOptions();

        Assert.Null(options.Server);
        Assert.Null(options.Rpc);
        Assert.Null(options.StateFolder);
        Assert.Null(options.LoggerFactory);
        // Beside the command, or as a tool, it is there.
        Assert.True(options.NotifyProgram is null || options.NotifyProgram.EndsWith("blocknotify", StringComparison.Ordinal));
    }

    private static RpcServerOptions Rpc() => new() { Port = 0 };

    private static SpawnedDaemon Daemon(DaemonStateFolder state, string name, string path) => new(new SpawnedDaemonOptions
    {
        Name = name,
        Path = path,
        StateFolder = state.ForDaemon(name),
    });

    private static async Task<string> TellAsync(StratumNode node, string method, string data, string source, string? password = null)
    {
        using var client = RpcClient.Create(new RpcClientOptions { Url = new Uri($"rpc://127.0.0.1:{node.Rpc!.Port}"), Password = password });
        return (await client.CallAsync(method, new JsonArray(data, source))).GetRawText();
    }
}
