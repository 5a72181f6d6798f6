using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json.Nodes;
using Stratum.Client;
using Stratum.Daemon;
using Stratum.Rpc;
using Stratum.Server;
using Stratum.Testing;

namespace Stratum.Tests;

/// <summary>What a node with all its parts tells of itself, by logs of every level and by metrics, holds no password.</summary>
public sealed class SecretsTests
{
    private const string MinersPassword = "miners-secret";
    private const string CallersPassword = "callers-secret";
    private const string Guess = "wrong-guess";

    [Fact]
    public async Task LogsAndMetrics_OfEverythingThatHasAPassword_HaveNone()
    {
        using var folder = new TempFolder();
        var state = DaemonStateFolder.Open(folder.File("state"));
        using var told = new ListLogger();
        using var metrics = Listen(told);
        await using var node = new StratumNode(new StratumNodeOptions
        {
            Rpc = new RpcServerOptions { Port = 0, Mode = RpcMode.Both, PasswordHashes = { RpcPassword.Hash(CallersPassword) } },
            Server = new StratumServerOptions { Port = 0 },
            StateFolder = state,
            NotifyProgram = "/bin/true",
            LoggerFactory = told,
        });
        await node.StartAsync(TestContext.Current.CancellationToken);
        await using (var miner = new StratumClient(StratumClientOptions.Default with
        {
            User = "me", Password = MinersPassword, LoggerFactory = told,
        }))
        {
            await miner.ConnectAsync($"stratum+tcp://127.0.0.1:{node.Server!.Port}", TestContext.Current.CancellationToken);
            await miner.LoginAsync(TestContext.Current.CancellationToken);
        }

        foreach (var scheme in new[] { "rpc", "http" })
        {
            await CallAsync(scheme, CallersPassword);
            await CallAsync(scheme, state.ReadNotifyPassword());
            await Assert.ThrowsAnyAsync<Exception>(() => CallAsync(scheme, Guess));
        }
        metrics.RecordObservableInstruments();
        await node.StopAsync();

        Assert.Contains(told.Lines, text => text.Contains("stratum.server.sessions"));
        Assert.Contains(told.Lines, text => text.Contains("mining.authorize"));
        foreach (var secret in new[] { MinersPassword, CallersPassword, Guess, state.ReadNotifyPassword() })
            Assert.DoesNotContain(told.Lines, text => text.Contains(secret, StringComparison.Ordinal)
                || text.Contains(Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)), StringComparison.Ordinal));

        async Task CallAsync(string scheme, string password)
        {
            using var client = RpcClient.Create(new RpcClientOptions
            {
                Url = new Uri($"{scheme}://127.0.0.1:{node.Rpc!.Port}"), Password = password, LoggerFactory = told,
            });
            await client.CallAsync("mining.connections", new JsonArray());
        }
    }

    private static MeterListener Listen(ListLogger told)
    {
        var listener = new MeterListener { InstrumentPublished = (instrument, to) => to.EnableMeasurementEvents(instrument) };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Tell(told, instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Tell(told, instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Tell(told, instrument, value, tags));
        listener.Start();
        return listener;
    }

    private static void Tell<T>(ListLogger told, Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = new StringBuilder($"{instrument.Name} {instrument.Description} {value}");
        foreach (var (name, tag) in tags)
            text.Append($" {name}={tag}");
        told.Add(text.ToString());
    }
}
