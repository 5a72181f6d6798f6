using System.Diagnostics;
using Stratum.Daemon;
using Stratum.Mining;
using Stratum.Pool;
using Stratum.Server;

namespace Stratum.BlockTime;

/// <summary>The pool in this process, and how it is told of its daemon.</summary>
internal sealed class PoolUnderTest : IAsyncDisposable
{
    private readonly MiningPool _pool;
    private readonly CoinDaemon _besides;
    private readonly Address _payTo;

    private PoolUnderTest(MiningPool pool, CoinDaemonOptions daemon, Address payTo)
    {
        _pool = pool;
        _besides = new CoinDaemon(daemon with { LoggerFactory = null });
        _payTo = payTo;
    }

    public int Port => _pool.Server.Port;

    public static async Task<PoolUnderTest> StartAsync(DaemonChain chain, Marks marks)
    {
        var network = Coin.Litecoin.GetNetwork("regtest");
        var payTo = Address.Parse(chain.Address, Coin.Litecoin, network);
        var daemon = new CoinDaemonOptions
        {
            Url = chain.Url, CookieFile = chain.CookieFile, Coin = Coin.Litecoin, Network = network,
            LoggerFactory = marks,
        };
        Marks.IsOurs = false;
        var pool = new PoolUnderTest(new MiningPool(new MiningPoolOptions
        {
            Coin = Coin.Litecoin, Network = network, PayTo = payTo, Daemons = [daemon],
            Server = new StratumServerOptions { Port = 0 },
        }), daemon, payTo);
        pool._pool.Server.JobBroadcast += (_, _) => marks.NoteBroadcast();
        await pool._pool.StartAsync();
        Marks.IsOurs = true;
        return pool;
    }

    /// <summary>What making a job of such a template takes, measured by itself.</summary>
    public async Task<TimeSpan> TimeOfOneJobAsync()
    {
        var template = await _besides.GetTemplateAsync();
        var begun = Stopwatch.GetTimestamp();
        _ = Job.FromTemplate(template, Coin.Litecoin, _payTo);
        return Stopwatch.GetElapsedTime(begun);
    }

    public async ValueTask DisposeAsync()
    {
        await _pool.DisposeAsync();
        await _besides.DisposeAsync();
    }
}
