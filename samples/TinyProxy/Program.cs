// Many miners over one connection to a pool: what the pool leaves to one miner is divided among ours.
//   dotnet run --project samples/TinyProxy -- stratum+tcp://pool.example:3333 account.worker 3334
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Stratum.Client;
using Stratum.Mining;
using Stratum.Server;

const int Ours = 2; // bytes of the pool's extranonce2 that tell our miners apart: 65,536 of them

var url = args.Length > 0 ? args[0] : "stratum+tcp://127.0.0.1:3333";
var user = args.Length > 1 ? args[1] : "account.worker";
var port = args.Length > 2 ? int.Parse(args[2]) : 3334;
using var ending = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);

await using var pool = new StratumClient(StratumClientOptions.Default with { User = user, VersionRollingMask = 0x1fffe000 });
await pool.ConnectAsync(url);
var left = (await pool.LoginAsync()).Extranonce2Size;
await using var server = new StratumServer(new StratumServerOptions
{
    Port = port,
    Work = new WorkSourceOptions { Extranonce1Size = Ours, Extranonce2Size = left - Ours, VersionMask = pool.VersionMask },
});

// Our jobs have no coin, so nobody judges their shares here: the pool does.
var origins = new ConditionalWeakTable<Job, ClientJob>();
server.OnSubmit(async (session, share) =>
{
    if (share.Verdict != ShareVerdict.Unjudged || !origins.TryGetValue(share.Job!, out var origin))
        return share.Verdict;
    var extranonce2 = new Extranonce(Convert.FromHexString($"{session.Subscription!.Extranonce1}{share.Extranonce2}"));
    var answer = await pool.SubmitAsync(origin, extranonce2, share.Time, share.Nonce, share.VersionBits);
    Console.WriteLine($"{share.Worker}: {answer}");
    return answer.IsAccepted ? true : ShareResult.Reject(answer.Code, answer.Text!);
});
await server.StartAsync();
Console.WriteLine($"listening on port {server.Port}");

try
{
    await foreach (var job in pool.Jobs(ending.Token))
    {
        var ours = new Job
        {
            // The pool's extranonce1 is a part of the coinbase for us: after a reconnect it may be another one.
            Coinbase1 = (byte[])[.. job.Notify.Coinbase1.Span, .. Convert.FromHexString(job.Extranonce1.ToString())],
            Coinbase2 = job.Notify.Coinbase2,
            MerkleBranch = job.Notify.MerkleBranch,
            Version = job.Notify.Version & ~job.VersionMask, // who does not roll its bits has none of them
            PreviousBlock = job.Notify.PreviousBlock,
            Bits = job.Notify.Bits,
            Time = job.Time,
            Clean = job.Clean,
            Difficulty = job.Difficulty,
            ExtranonceSize = job.Extranonce2Size,
        };
        origins.Add(ours, job);
        await server.BroadcastAsync(ours);
    }
}
catch (OperationCanceledException) when (ending.IsCancellationRequested)
{
    // Ctrl-C
}

void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    ending.Cancel();
}
