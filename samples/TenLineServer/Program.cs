// The server of the README, with what its ten lines take for granted: a template, an address, a ledger.
//   dotnet run --project samples/TenLineServer -- 3333        (0 picks a free port)
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text.Json;
using Stratum.Mining;
using Stratum.Server;

var port = args is [var first, ..] ? int.Parse(first) : 3333;

// Yours would come from a node (CoinDaemon in Stratum.Daemon asks it); this is the shortest that there can be.
using var json = JsonDocument.Parse("""
    {
      "version": 536870912,
      "previousblockhash": "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206",
      "transactions": [],
      "coinbasevalue": 5000000000,
      "bits": "207fffff",
      "curtime": 1767225600,
      "height": 1
    }
    """);
var template = BlockTemplate.FromJson(json.RootElement);
var address = Address.Parse("bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080", Coin.Bitcoin, Coin.Bitcoin.GetNetwork("regtest"));
var ledger = new Ledger();

// README
await using var server = new StratumServer(new StratumServerOptions { Port = port });

server.OnSubscribe((session, request) => new Subscription(session.NextExtranonce1()));
server.OnAuthorize((session, request) => request.Password == "x");
server.OnSubmit((session, share) => share.Verdict);          // judged already; add rules of your own
server.ShareAccepted += (_, e) => ledger.Add(e.Worker, e.Difficulty);
server.Map("mining.hashes", (StratumSession session, int any, string[] list) => new { any, list });

await server.StartAsync();
await server.BroadcastAsync(Job.FromTemplate(template, Coin.Bitcoin, payTo: address));
// README

Console.WriteLine($"listening on port {server.Port}");
var end = new TaskCompletionSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
await end.Task;

void End(PosixSignalContext signal)
{
    signal.Cancel = true; // the process ends by leaving Main, which closes the sessions
    end.TrySetResult();
}

/// <summary>What each worker has earned: the sum of the difficulties of its shares.</summary>
internal sealed class Ledger
{
    private readonly ConcurrentDictionary<WorkerName, double> _sums = new();

    public void Add(WorkerName worker, Difficulty difficulty)
    {
        var sum = _sums.AddOrUpdate(worker, difficulty.Value, (_, before) => before + difficulty.Value);
        Console.WriteLine($"{worker} has {new Difficulty(sum)}");
    }
}
