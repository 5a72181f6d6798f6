using System.Runtime.InteropServices;
using Stratum.Client;
using Stratum.Mining;
using Stratum.Simulation;
using Stratum.Testing;

namespace Stratum.Samples.Tests;

public sealed class SoloPoolTests
{
    private const string Payee = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";

    [Fact]
    public void Sample_ItsCode_HasFortyLines() => Assert.InRange(
        File.ReadLines(Path.Combine(Tree.Root, "samples", "SoloPool", "Program.cs"))
            .Count(line => !line.StartsWith("//", StringComparison.Ordinal) && !line.StartsWith("using Stratum", StringComparison.Ordinal)
                && !line.StartsWith("using System", StringComparison.Ordinal)),
        1, 40);

    [Fact]
    public async Task Pool_BlockOfAMiner_ReachesTheChainAndPaysTheAddress()
    {
        // A block is three times as hard as a share.
        var share = new Difficulty(1e-6);
        using var folder = new TempFolder();
        using var chain = new SimulatedChain(new SimulatedChainOptions
        {
            MinimumDifficulty = new Difficulty(3e-6), MaximumDifficulty = new Difficulty(3e-6),
        });
        await using var node = new SimulatedDaemon(chain);
        await node.StartAsync();
        var found = new TaskCompletionSource<SimulatedBlock>(TaskCreationOptions.RunContinuationsAsynchronously);
        chain.BlockConnected += block => found.TrySetResult(block);

        await using var sample = Sample.StartIn(folder.Path, "SoloPool", Payee, $"{node.Url}", node.CookieFile!, "regtest", "127.0.0.1:0");
        await sample.LineAsync(line => line.Contains("gives work", StringComparison.Ordinal));
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var mining = new CpuMiner(new CpuMinerOptions
        {
            Url = StratumUrl.Parse($"stratum+tcp://127.0.0.1:{await sample.PortAsync()}"), User = "rig.1", Password = $"d={share}",
        }).RunAsync(deadline.Token);
        await sample.LineAsync(line => line.StartsWith($"share of rig.1, difficulty {share}", StringComparison.Ordinal));
        var first = await found.Task.WaitAsync(deadline.Token);
        await sample.LineAsync(line => line == "block 1 of rig.1: Accepted");

        Assert.Equal(1, first.Height);
        // The script that is paid stands in the block as it is.
        Assert.True(first.Bytes.Span.IndexOf(Address.Parse(Payee, chain.Coin, chain.Network).ScriptPubKey.Span) > 0);
        Assert.Equal(0, await sample.EndAsync(PosixSignal.SIGTERM));
        await deadline.CancelAsync();
        await mining;
        Assert.True(File.Exists(folder.File("blocks.journal")));
    }
}
