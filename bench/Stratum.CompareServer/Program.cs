// The server of bench/compare: the library's own, with its built-in judging and work of the size of Bitcoin's.
//   dotnet run -c Release --project bench/Stratum.CompareServer -- [--port PORT] [--transport loop|pipe|auto] ...
// Prints its port and pid as a JSON object; SIGUSR1 or --interval: the same work anew for every session; SIGTERM ends it.
using System.Runtime.InteropServices;
using Stratum.Bench;
using Stratum.CompareServer;
using Stratum.Server;

const PosixSignal Usr1 = (PosixSignal)10; // its number on Linux, x64 and arm64

if (!Arguments.TryRead(args, out var arguments))
{
    Console.Error.WriteLine(Arguments.Usage);
    return 2;
}
using var certificate = arguments.Tls ? new Certificate() : null;
var options = new StratumServerOptions
{
    Port = arguments.Port,
    Transport = arguments.Transport,
    LoopThreads = arguments.Threads,
    Handlers = arguments.Handler ?? HandlerScheduling.ThreadPool,
    Difficulty = arguments.Difficulty,
    CertificateFile = certificate?.File,
    // Refusing newcomers when it is busy would make less work of what is measured.
    TooBusy = null,
};
options.Limits.MaxConnections = options.Limits.MaxConnectionsPerAddress = 1_000_000;
await using var server = new StratumServer(options);
if (arguments.Handler is not null)
    server.OnSubmit((_, share) => share.Verdict);
await server.BroadcastAsync(Samples.NewJob());
await server.StartAsync();

var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var asked = PosixSignalRegistration.Create(Usr1, signal =>
{
    signal.Cancel = true;
    Renew();
});
await using var timer = arguments.Interval is { } interval ? new Timer(_ => Renew(), null, interval, interval) : null;
Console.WriteLine($$"""{"port":{{server.Port}},"pid":{{Environment.ProcessId}}}""");
await ended.Task;
return 0;

void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    ended.TrySetResult();
}

void Renew()
{
    var job = server.Work.Current!.Renew!((uint)DateTimeOffset.UtcNow.ToUnixTimeSeconds());
    server.BroadcastAsync(job).AsTask().GetAwaiter().GetResult();
}
