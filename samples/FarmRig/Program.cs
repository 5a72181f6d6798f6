// A mining rig that is run from afar: a miner, and an RPC server that starts it, stops it and points it elsewhere.
//   dotnet run --project samples/FarmRig -- 1337 stratum+tcp://127.0.0.1:3333 rig.1
//   ./stratum call rpc://127.0.0.1:1337 rig.point '["stratum+tcp://127.0.0.1:4444"]'
using System.Runtime.InteropServices;
using Stratum.Client;
using Stratum.Rpc;
using Stratum.Server;
using Stratum.Simulation;

var rig = new Rig(StratumUrl.Parse(args[1]), args[2]);

// On loopback, so nobody is asked for a password. For a farm: Address = IPAddress.Any, and a hash in PasswordHashes.
await using var rpc = new RpcServer(new RpcServerOptions { Port = int.Parse(args[0]), Mode = RpcMode.Both });
rpc.Expose("rig.start", rig.StartAsync);
rpc.Expose("rig.stop", rig.StopAsync);
rpc.Expose("rig.point", rig.PointAsync);
rpc.Expose("rig.status", rig.Status);
await rpc.StartAsync();
Console.WriteLine($"listening on port {rpc.Port}");

var end = new TaskCompletionSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
await end.Task;
await rig.StopAsync();

void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    end.TrySetResult();
}

internal sealed record RigStatus(bool Mining, string Url, long Accepted, long Rejected, double HashesPerSecond);

/// <summary>One miner at a time. Several callers may come at once; their orders are followed one after the other.</summary>
internal sealed class Rig(StratumUrl url, string user)
{
    private readonly SemaphoreSlim _order = new(1, 1);
    private StratumUrl _url = url;
    private CpuMiner? _miner;
    private CancellationTokenSource _stop = new();
    private Task _mining = Task.CompletedTask;

    public Task<RigStatus> StartAsync() => DoAsync(() =>
    {
        if (_mining.IsCompleted)
            Begin();
        return Task.CompletedTask;
    });

    public Task<RigStatus> StopAsync() => DoAsync(EndAsync);

    public Task<RigStatus> PointAsync(string pool) => DoAsync(async () =>
    {
        // What the caller got wrong is told to it: -32602 is the code for parameters.
        if (!StratumUrl.TryParse(pool, out var parsed, out var error))
            throw new RpcException(-32602, error);
        var mines = !_mining.IsCompleted;
        await EndAsync();
        _url = parsed;
        if (mines)
            Begin();
    });

    public RigStatus Status()
    {
        var statistics = _miner?.Statistics;
        return new RigStatus(!_mining.IsCompleted, _url.ToString(), statistics?.Accepted ?? 0, statistics?.Rejected ?? 0,
            Math.Round(statistics?.HashRate ?? 0));
    }

    private void Begin()
    {
        _stop = new CancellationTokenSource();
        _miner = new CpuMiner(new CpuMinerOptions { Url = _url, User = user, RetryFor = Timeout.InfiniteTimeSpan });
        _mining = _miner.RunAsync(_stop.Token);
    }

    private async Task EndAsync()
    {
        await _stop.CancelAsync();
        await _mining;
    }

    private async Task<RigStatus> DoAsync(Func<Task> order)
    {
        await _order.WaitAsync();
        try
        {
            await order();
            return Status();
        }
        finally
        {
            _order.Release();
        }
    }
}
