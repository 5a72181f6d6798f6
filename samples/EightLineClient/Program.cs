// The client of the README, with what its eight lines take for granted: somebody who searches.
//   dotnet run --project samples/EightLineClient -- stratum+tcp://127.0.0.1:3333
using System.Runtime.InteropServices;
using Stratum.Client;
using Stratum.Mining;

var url = args is [var first, ..] ? first : "stratum+tcp://127.0.0.1:3333";
var miner = new Miner();
using var ending = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
var stop = ending.Token;

try
{
    // README
    await using var client = new StratumClient(StratumClientOptions.Default with { User = "account.worker" });
    await client.ConnectAsync(url);
    await client.LoginAsync();

    await foreach (var job in client.Jobs(stop))
    {
        var found = miner.Search(job);                           // yours
        Console.WriteLine(await client.SubmitAsync(job, found.Extranonce2, job.Time, found.Nonce));
    }
    // README
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
}

void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    ending.Cancel();
}

/// <summary>Searches with one thread. Stratum.Simulation's CpuMiner is the one for more.</summary>
internal sealed class Miner
{
    private readonly NonceScanner _scanner = NonceScanner.Create("sha256d");
    private ulong _next = (ulong)Random.Shared.NextInt64();

    public (Extranonce Extranonce2, uint Nonce) Search(ClientJob job)
    {
        var target = Target.FromDifficulty(job.Difficulty);
        while (true)
        {
            // Each extranonce2 makes another coinbase, and so another header with 2^32 nonces.
            var mask = job.Extranonce2Size >= 8 ? ulong.MaxValue : (1UL << (8 * job.Extranonce2Size)) - 1;
            var extranonce2 = Extranonce.FromUInt64(_next++ & mask, job.Extranonce2Size);
            if (_scanner.TryScan(job.BuildHeader(extranonce2, job.Time), 0, uint.MaxValue, target, out var nonce, out _))
                return (extranonce2, nonce);
        }
    }
}
