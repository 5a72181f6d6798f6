using System.Text;
using System.Text.Json.Nodes;
using Stratum.Client;
using Stratum.Daemon;
using Stratum.Mining;
using Stratum.Protocol;
using Stratum.Rpc;
using Stratum.Server;
using Stratum.Simulation;
using Stratum.Testing;

namespace Stratum.Samples.Tests;

/// <summary>The code of those packages' pages that no sample has, as it stands there.</summary>
public sealed class PackageCodeTests
{
    // What the code calls by this name prints here.
    private Printer Console { get; } = new();

    [Fact]
    public void Mining_Nonces_OneIsFound()
    {
        var header = new byte[80];

        var target = Target.FromDifficulty(new Difficulty(1e-6));
        var scanner = NonceScanner.Create("sha256d");
        if (scanner.TryScan(header, start: 0, count: uint.MaxValue, target, out var nonce, out var scanned))
            Console.WriteLine($"nonce {nonce:x8} after {scanned} hashes");

        Assert.Equal([$"nonce {scanned - 1:x8} after {scanned} hashes"], Console.Lines);
    }

    [Fact]
    public void Protocol_Lines_AreReadAsTheyCome()
    {
        var input = "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[]}\n{\"id\":2,\"meth"u8;

        var lines = new LineReader(maxLength: 8192);                 // a line may come in any pieces
        while (lines.TryReadLine(ref input, out var line) == LineStatus.Line)
        {
            if (Message.TryParse(line, out var message, out var error) && message.IsRequest)
                Console.WriteLine($"{Encoding.UTF8.GetString(message.Method)} {Encoding.UTF8.GetString(message.Params)}");
        }

        Assert.Equal(["mining.subscribe []"], Console.Lines);
        lines.Dispose();
    }

    [Fact]
    public async Task Rpc_Call_IsAnswered()
    {
        using var folder = new TempFolder();
        var passwordFile = folder.Write("password", "correct horse\n");
        await using var server = new RpcServer(new RpcServerOptions
        {
            Port = 0, Mode = RpcMode.Both, PasswordHashes = { RpcPassword.Hash("correct horse") },
        });
        server.Expose("sample.sum", (int a, int b) => a + b);
        await server.StartAsync();
        var url = $"http://127.0.0.1:{server.Port}";

        using var rpc = RpcClient.Create(new RpcClientOptions { Url = new Uri(url), PasswordFile = passwordFile });
        var sum = await rpc.CallAsync("sample.sum", new JsonArray(2, 3));

        Assert.Equal(5, sum.GetInt32());
    }

    [Fact]
    public async Task Daemon_Templates_AreGivenAsTheyChange()
    {
        using var chain = new SimulatedChain();
        await using var node = new SimulatedDaemon(chain);
        await node.StartAsync();
        var (url, cookie) = (node.Url.ToString(), node.CookieFile);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var stop = deadline.Token;

        var following = FollowAsync();
        await Console.LineAsync("work for block 1", stop);
        chain.GenerateBlock(Address.FromPublicKeyHash(new byte[20], chain.Network).ScriptPubKey);
        await Console.LineAsync("work for block 2", stop);
        await deadline.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);
        Assert.Contains(Console.Lines, line => line.Contains("gives work", StringComparison.Ordinal));

        async Task FollowAsync()
        {
            await using var daemon = new CoinDaemon(new CoinDaemonOptions
            {
                Coin = Coin.Bitcoin,
                Network = Coin.Bitcoin.GetNetwork("regtest"),
                Url = new Uri(url),
                CookieFile = cookie,
            });
            daemon.StatusChanged += status => Console.WriteLine(status.Text);
            await foreach (var template in daemon.TemplatesAsync(stop))
                Console.WriteLine($"work for block {template.Height}");
        }
    }

    [Fact]
    public async Task Simulation_Miner_HasItsShares()
    {
        await using var server = new StratumServer(new StratumServerOptions { Port = 0, Difficulty = new Difficulty(1e-9) });
        await server.StartAsync();
        var url = $"stratum+tcp://127.0.0.1:{server.Port}";

        using var chain = new SimulatedChain(new SimulatedChainOptions { BlockTime = TimeSpan.FromSeconds(1) });
        await using var daemon = new SimulatedDaemon(chain);         // getblocktemplate and submitblock on daemon.Url
        await daemon.StartAsync();

        using var calls = new JsonRpcHttpClient(new JsonRpcHttpClientOptions { Url = daemon.Url, CookieFile = daemon.CookieFile });
        var template = await calls.CallAsync("getblocktemplate", new JsonArray(new JsonObject { ["rules"] = new JsonArray("segwit") }));
        await server.BroadcastAsync(Job.FromTemplate(BlockTemplate.FromJson(template), chain.Coin,
            Address.FromPublicKeyHash(new byte[20], chain.Network), new JobOptions { DifficultyMayExceedNetwork = true }));

        var miner = new CpuMiner(new CpuMinerOptions { Url = StratumUrl.Parse(url), User = "me", Shares = 3 });
        var end = await miner.RunAsync();

        Assert.Equal(CpuMinerEndReason.SharesReached, end.Reason);
    }

    private sealed class Printer
    {
        private readonly List<string> _lines = [];
        private TaskCompletionSource _more = new();

        public IReadOnlyList<string> Lines
        {
            get
            {
                lock (_lines)
                    return [.. _lines];
            }
        }

        public void WriteLine(string text)
        {
            TaskCompletionSource more;
            lock (_lines)
            {
                _lines.Add(text);
                (more, _more) = (_more, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            }
            more.TrySetResult();
        }

        public async Task LineAsync(string text, CancellationToken stop)
        {
            while (true)
            {
                Task more;
                lock (_lines)
                {
                    if (_lines.Contains(text))
                        return;
                    more = _more.Task;
                }
                await more.WaitAsync(stop);
            }
        }
    }
}
