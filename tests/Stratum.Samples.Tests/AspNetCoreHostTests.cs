using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;
using Stratum.Client;
using Stratum.Mining;
using Stratum.Simulation;
using Stratum.Testing;

namespace Stratum.Samples.Tests;

public sealed class AspNetCoreHostTests
{
    private static readonly Difficulty s_block = new(3e-6);

    [Fact]
    public async Task Host_ItsDaemonComesLate_IsUnhealthyUntilThenAndMinesABlock()
    {
        using var folder = new TempFolder();
        File.Copy(Path.Combine(Tree.Root, "samples", "AspNetCoreHost", "appsettings.json"), folder.File("appsettings.json"));
        using var chain = new SimulatedChain(new SimulatedChainOptions { MinimumDifficulty = s_block, MaximumDifficulty = s_block });
        await using var node = new SimulatedDaemon(chain, new SimulatedDaemonOptions { Port = FreePort.Next() });
        var found = new TaskCompletionSource<SimulatedBlock>(TaskCreationOptions.RunContinuationsAsynchronously);
        chain.BlockConnected += block => found.TrySetResult(block);
        var (http, port) = (FreePort.Next(), FreePort.Next());

        // What differs from the file.
        await using var sample = Sample.StartIn(folder.Path, "AspNetCoreHost",
            $"--Urls=http://127.0.0.1:{http}", $"--Pool:Daemons:0:Url={node.Url}", $"--Pool:Daemons:0:CookieFile={node.CookieFile}",
            $"--Pool:Server:Port={port}", "--Pool:MaxWorkAge=00:00:03", "--Pool:Daemons:0:TipCheckInterval=00:00:00.2");
        await sample.LineAsync(line => line.Contains("Application started", StringComparison.Ordinal));
        using var browser = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{http}") };
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "Unhealthy"), await HealthAsync(browser));

        await node.StartAsync();
        await HealthyAsync(browser, "Healthy");
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var mining = new CpuMiner(new CpuMinerOptions
        {
            Url = StratumUrl.Parse($"stratum+tcp://127.0.0.1:{port}"), User = "rig.1", Password = "d=1e-6",
        }).RunAsync(deadline.Token);
        await sample.LineAsync(line => line.Contains("Share of rig.1, 0.00000", StringComparison.Ordinal));
        var block = await found.Task.WaitAsync(deadline.Token);
        await sample.LineAsync(line => line.Contains("Block 1 of rig.1: Accepted", StringComparison.Ordinal));

        // The file's own.
        Assert.True(block.Bytes.Span.IndexOf("/AspNetCoreHost/"u8) > 0);
        var payee = Address.Parse("bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080", chain.Coin, chain.Network);
        Assert.True(block.Bytes.Span.IndexOf(payee.ScriptPubKey.Span) > 0);
        Assert.True(File.Exists(folder.File("blocks.journal")));
        using var miners = JsonDocument.Parse(await browser.GetStringAsync("/miners", deadline.Token));
        Assert.Equal("rig.1", miners.RootElement[0].GetProperty("worker").GetString());
        Assert.True(miners.RootElement[0].GetProperty("accepted").GetInt64() > 0);

        // Without its daemon the last work is mined on for MaxWorkAge.
        await node.StopAsync();
        await HealthyAsync(browser, "Degraded");
        await HealthyAsync(browser, "Unhealthy");
        Assert.Equal(0, await sample.EndAsync(PosixSignal.SIGTERM));
        await deadline.CancelAsync();
        await mining;
    }

    [Fact]
    public async Task Host_AddressOfAnotherNetwork_EndsAndNamesTheSetting()
    {
        using var folder = new TempFolder();
        File.Copy(Path.Combine(Tree.Root, "samples", "AspNetCoreHost", "appsettings.json"), folder.File("appsettings.json"));

        await using var sample = Sample.StartIn(folder.Path, "AspNetCoreHost", "--Pool:Network=mainnet");

        await sample.LineAsync(line => line.Contains("Pool:PayTo is 'bcrt1q", StringComparison.Ordinal));
        Assert.NotEqual(0, await sample.ExitCodeAsync());
    }

    private static async Task HealthyAsync(HttpClient browser, string expected)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((await HealthAsync(browser)).Text != expected)
            await Task.Delay(20, deadline.Token);
    }

    private static async Task<(HttpStatusCode Code, string Text)> HealthAsync(HttpClient browser)
    {
        using var answer = await browser.GetAsync("/health");
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
