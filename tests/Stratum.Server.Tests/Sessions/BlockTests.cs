using Stratum.Mining;
using Stratum.Protocol;

namespace Stratum.Server.Tests;

public sealed class BlockTests
{
    private static readonly JobOptions _regtest = new() { DifficultyMayExceedNetwork = true };
    private static readonly Action<StratumServerOptions> _belowTheNetwork = options => options.Difficulty = new Difficulty(4e-10);

    [Theory]
    [MemberData(nameof(Drivers.All), MemberType = typeof(Drivers))]
    public async Task Submit_Block_RaisedOnceAndAssembles(string driver)
    {
        await using var server = new TestServer(_belowTheNetwork);
        var blocks = Watch(server);
        await server.BroadcastAsync(bits: Work.RegtestBits, options: _regtest);
        await using var peer = await server.LoginAsync(driver);
        var share = Find(peer);
        Answers.IsTrue(await peer.SubmitAsync(share));
        Answers.IsError(22, await peer.SubmitAsync(share));
        var block = Assert.Single(blocks);
        Assert.Equal(share.BlockId, block.BlockId.ToString());
        Assert.Equal(101, block.Height);
        Assert.Equal("w", block.Worker.Value);
        var bytes = block.AssembleBlock();
        Assert.Equal(block.Header.ToArray(), bytes[..80]);
        Assert.Equal(4, bytes[80]);
        Assert.Contains(peer.Extranonce1 + share.Extranonce2, Convert.ToHexStringLower(bytes));
    }

    [Fact]
    public async Task Submit_BlockOfUnauthorizedWorker_24AndRaised()
    {
        await using var server = new TestServer(_belowTheNetwork);
        var blocks = Watch(server);
        await server.BroadcastAsync(bits: Work.RegtestBits, options: _regtest);
        await using var peer = await server.LoginAsync();
        await peer.AuthorizeAsync("second");
        var share = Find(peer);
        Answers.IsError(24, await peer.SubmitAsync(share, "stranger"));
        Assert.Equal("stranger", Assert.Single(blocks).Worker.Value);
        Answers.IsTrue(await peer.SubmitAsync(share));
        Assert.Single(blocks);
    }

    [Fact]
    public async Task Submit_StaleBlock_21AndRaised()
    {
        await using var server = new TestServer(_belowTheNetwork);
        var blocks = Watch(server);
        await server.BroadcastAsync(bits: Work.RegtestBits, options: _regtest);
        await using var peer = await server.LoginAsync();
        var share = Find(peer);
        await server.BroadcastAsync(tip: 2);
        Answers.IsError(21, await peer.SubmitAsync(share));
        Assert.Equal(share.BlockId, Assert.Single(blocks).BlockId.ToString());
    }

    [Fact]
    public async Task Submit_BlockWithBitsOutsideTheMask_20AndRaisedAsTheMinerHashedIt()
    {
        await using var server = new TestServer(_belowTheNetwork);
        var blocks = Watch(server);
        await server.BroadcastAsync(bits: Work.RegtestBits, options: _regtest);
        await using var peer = await server.LoginAsync();
        // No version rolling was agreed on, and the miner ORs its bits in. Without them the same nonce is no block.
        Solution share, masked;
        ulong extranonce2 = 0;
        do
        {
            var hex = peer.Extranonce2(++extranonce2);
            share = Solver.Find(peer.Job!, peer.Extranonce1, hex, Solver.Block(Work.RegtestBits), versionBits: 0x2000, or: true);
            masked = Solver.Find(peer.Job!, peer.Extranonce1, hex, _ => true, from: Solver.Number(share.Nonce));
        }
        while (Solver.Block(Work.RegtestBits)(masked.Hash));
        Answers.IsError(20, await peer.SubmitAsync(share));
        Assert.Equal(share.BlockId, Assert.Single(blocks).BlockId.ToString());
    }

    [Fact]
    public async Task Submit_BlockWithBadTime_20AndRaised()
    {
        await using var server = new TestServer(_belowTheNetwork);
        var blocks = Watch(server);
        await server.BroadcastAsync(bits: Work.RegtestBits, options: _regtest);
        await using var peer = await server.LoginAsync();
        var share = Solver.Find(peer.Job!, peer.Extranonce1, peer.Extranonce2(3), Solver.Block(Work.RegtestBits), time: server.Now + 7100);
        Answers.IsError(20, await peer.SubmitAsync(share));
        Assert.Single(blocks);
    }

    [Fact]
    public async Task Submit_BlockBelowAHarderShareTarget_23AndRaised()
    {
        await using var server = new TestServer(options => options.Difficulty = new Difficulty(1e-6));
        var blocks = Watch(server);
        await server.BroadcastAsync(bits: Work.RegtestBits, options: _regtest);
        await using var peer = await server.LoginAsync();
        var share = Solver.Find(peer.Job!, peer.Extranonce1, peer.Extranonce2(3),
            hash => Solver.Block(Work.RegtestBits)(hash) && Solver.Below(1e-6)(hash));
        Answers.IsError(23, await peer.SubmitAsync(share));
        Assert.Single(blocks);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Submit_BlockThatAFilterAnswersItself_RaisedAllTheSame(bool throws)
    {
        await using var server = new TestServer(_belowTheNetwork);
        server.Server.OnRequest((_, request) =>
            request.Method != "mining.submit" ? RequestOutcome.Pass
            : throws ? throw new StratumException(99, "not today")
            : RequestOutcome.Reject(99, "not today"));
        var blocks = Watch(server);
        await server.BroadcastAsync(bits: Work.RegtestBits, options: _regtest);
        await using var peer = await server.LoginAsync();
        var share = Solver.Find(peer.Job!, peer.Extranonce1, peer.Extranonce2(3), Solver.Block(Work.RegtestBits));
        Answers.IsError(99, await peer.SubmitAsync(share));
        Assert.Single(blocks);
    }

    [Fact]
    public async Task Submit_BlockAndHandlerThatThrows_RaisedAllTheSame()
    {
        await using var server = new TestServer(_belowTheNetwork) { ExpectFailures = true };
        server.Server.OnSubmit(ShareResult (_, _) => throw new InvalidOperationException("broken"));
        var blocks = Watch(server);
        await server.BroadcastAsync(bits: Work.RegtestBits, options: _regtest);
        await using var peer = await server.LoginAsync();
        Answers.IsError(20, await peer.SubmitAsync(Find(peer)));
        Assert.Single(blocks);
    }

    [Fact]
    public async Task BlockFound_HandlerThrows_TheNextHearsOfItAndTheMinerIsAnswered()
    {
        await using var server = new TestServer(_belowTheNetwork) { ExpectFailures = true };
        var heard = 0;
        server.Server.BlockFound += (_, _) => throw new InvalidOperationException("broken");
        server.Server.BlockFound += async (_, _) =>
        {
            await Task.Yield();
            heard++;
            throw new InvalidOperationException("broken too");
        };
        server.Server.BlockFound += (_, _) =>
        {
            heard++;
            return default;
        };
        await server.BroadcastAsync(bits: Work.RegtestBits, options: _regtest);
        await using var peer = await server.LoginAsync();
        Answers.IsTrue(await peer.SubmitAsync(Find(peer)));
        await Answers.BecomesTrueAsync(() => Volatile.Read(ref heard) == 2);
        await Answers.BecomesTrueAsync(() => server.Log.Lines.Count(line => line.Id == 105) == 2);
    }

    [Theory]
    [MemberData(nameof(Drivers.All), MemberType = typeof(Drivers))]
    public async Task BlockFound_HandlerThatWaits_TheMinerIsAnsweredAfterIt(string driver)
    {
        await using var server = new TestServer(_belowTheNetwork);
        var safe = new TaskCompletionSource();
        var told = 0;
        server.Server.BlockFound += async (_, _) =>
        {
            Interlocked.Increment(ref told);
            await safe.Task;
        };
        var accepted = 0;
        server.Server.ShareAccepted += (_, _) => Interlocked.Increment(ref accepted);
        await server.BroadcastAsync(bits: Work.RegtestBits, options: _regtest);
        await using var other = await server.LoginAsync(driver);
        await using var peer = await server.LoginAsync(driver);
        var answer = peer.SubmitAsync(Find(peer));
        await Answers.BecomesTrueAsync(() => Volatile.Read(ref told) == 1);
        // Nobody else waits.
        await other.CallAsync("mining.ping");
        Assert.False(answer.IsCompleted);
        Assert.Equal(0, Volatile.Read(ref accepted));
        safe.SetResult();
        Answers.IsTrue(await answer);
        await Answers.BecomesTrueAsync(() => Volatile.Read(ref accepted) == 1);
    }

    private static Solution Find(TestPeer peer) =>
        Solver.Find(peer.Job!, peer.Extranonce1, peer.Extranonce2(3), Solver.Block(Work.RegtestBits));

    private static List<BlockCandidate> Watch(TestServer server)
    {
        var blocks = new List<BlockCandidate>();
        server.Server.BlockFound += (_, block) =>
        {
            blocks.Add(block);
            return default;
        };
        return blocks;
    }
}
