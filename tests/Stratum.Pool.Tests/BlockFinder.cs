using Stratum.Client;
using Stratum.Mining;

namespace Stratum.Pool.Tests;

/// <summary>A miner that finds a block, or a share, when it is told to.</summary>
internal sealed class BlockFinder : IAsyncDisposable
{
    private readonly StratumClient _client = new(StratumClientOptions.Default with { User = "finder" });
    private readonly NonceScanner _scanner;
    private readonly Coin _coin;
    private ulong _extranonce2;

    private BlockFinder(Coin coin) => (_coin, _scanner) = (coin, NonceScanner.Create(coin.Algorithm));

    public ClientJob? Job => _client.CurrentJob;

    public bool IsConnected => _client.IsConnected;

    public static async Task<BlockFinder> ConnectAsync(int port, Coin coin)
    {
        var finder = new BlockFinder(coin);
        await finder._client.ConnectAsync(new StratumUrl("127.0.0.1", port)).WaitAsync(PoolWorld.Patience);
        await finder._client.LoginAsync().WaitAsync(PoolWorld.Patience);
        await PoolWorld.UntilAsync(() => finder.Job is not null, "a job");
        return finder;
    }

    /// <summary>Waits for work on a tip, and finds a block on it.</summary>
    public async Task<Found> FindAsync(Hash256 tip)
    {
        await PoolWorld.UntilAsync(() => Job?.Notify.PreviousBlock == tip, $"work on {tip}");
        return Find(Job!);
    }

    /// <summary>A solution of this job's own nbits, not submitted yet.</summary>
    public Found Find(ClientJob job)
    {
        var target = job.Notify.Bits.ToTarget();
        while (true)
        {
            var extranonce2 = Extranonce.FromUInt64(_extranonce2++, job.Extranonce2Size);
            var header = job.BuildHeader(extranonce2, job.Time);
            if (!_scanner.TryScan(header, 0, uint.MaxValue, target, out var nonce, out _))
                continue;
            BitConverter.TryWriteBytes(header.AsSpan(76), nonce);
            var id = new byte[32];
            _coin.BlockId(header, id);
            return new Found(job, extranonce2, nonce, new Hash256(id));
        }
    }

    public Task<SubmitResult> SubmitAsync(Found found) =>
        _client.SubmitAsync(found.Job, found.Extranonce2, found.Job.Time, found.Nonce).WaitAsync(PoolWorld.Patience);

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    /// <summary>A solved job.</summary>
    internal sealed record Found(ClientJob Job, Extranonce Extranonce2, uint Nonce, Hash256 Hash);
}
