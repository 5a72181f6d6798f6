// Set once, for every server of the process that is made later: options, and methods of your own.
//   dotnet run --project samples/ProcessDefaults -- 3333 3334
using System.Runtime.InteropServices;
using Stratum.Mining;
using Stratum.Protocol;
using Stratum.Server;

var defaults = StratumServerOptions.Default;
defaults.TooBusy = TimeSpan.FromMilliseconds(50);
defaults.Difficulty = new Difficulty(16);
defaults.Limits.MaxConnectionsPerAddress = 100;

//   {"id":1,"method":"mining.hashes","params":[5,["a","b"]]}  ->  {"id":1,"result":[5,["a","b"],1],"error":null}
defaults.Methods.Map("mining.hashes", (StratumSession session, int any, string[] list) => new object[] { any, list, session.Id });

// An error instead of a result: its code, its text, and what else you want to say.
defaults.Methods.Map("mining.rent", string (double hashRate) => throw new StratumException(-1, "Nothing to rent", $"[{hashRate}]"));

// Options begin as a copy of the defaults. What is said here is for this server alone.
var ports = args is [_, _, ..] ? args.Select(int.Parse).ToArray() : [3333, 3334];
await using var first = new StratumServer(new StratumServerOptions { Port = ports[0] });
await using var second = new StratumServer(new StratumServerOptions { Port = ports[1], Difficulty = new Difficulty(1024) });
second.Map("mining.second", (StratumSession session) => session.Difficulty.Value);

foreach (var server in new[] { first, second })
{
    await server.StartAsync();
    Console.WriteLine($"listening on port {server.Port}");
}
var end = new TaskCompletionSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
await end.Task;

void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    end.TrySetResult();
}
