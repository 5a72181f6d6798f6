// Server, JSON-RPC server and a coin daemon, started and stopped as one. The daemon calls back for each block.
//   dotnet run --project samples/FullNode -- 3333 1337 /usr/bin/litecoind state
using System.Runtime.InteropServices;
using Stratum;
using Stratum.Daemon;
using Stratum.Rpc;
using Stratum.Server;

var (port, rpcPort, program, folder) = (int.Parse(args[0]), int.Parse(args[1]), args[2], args[3]);
var state = DaemonStateFolder.Open(folder);

// NODE
await using var node = new StratumNode(new StratumNodeOptions
{
    Server = new StratumServerOptions { Port = port, Hostname = "localhost", TooBusy = TimeSpan.FromMilliseconds(70) },
    Rpc = new RpcServerOptions
    {
        Port = rpcPort,
        Mode = RpcMode.Both,
        PasswordHashes = { RpcPassword.Hash("correct horse") }, // your options hold the hash: stratum hash-password
    },
    StateFolder = state, // what a daemon needs to reach us again after a crash of ours
});
var options = SpawnedDaemonOptions.For(DaemonDefinition.Litecoin, state.ForDaemon("litecoin"), DaemonNetwork.Regtest, program);
node.Add(new SpawnedDaemon(options with { Args = ["listen=0", "dnsseed=0"] }));

await node.StartAsync();
// NODE

// EXPOSE
node.Rpc!.Expose("sample.sum", (int a, int b) => a + b);
node.Rpc.Expose("sample.refuse", string (string who) => throw new RpcException(403, $"not for {who}"));
// EXPOSE

// NOTICES
var daemon = node.Daemons[0];
daemon.Exited += async (_, exited) => await Console.Out.WriteLineAsync($"daemon ended: {exited.Reason}");
daemon.Wallet += async (_, notice) => await Console.Out.WriteLineAsync($"transaction {notice.Data}");
node.Rpc.Block += async (_, notice) =>
{
    await Console.Out.WriteLineAsync($"block {notice.Data} of {notice.Source}");
    notice.Answer = "Block updated"; // true without this
};
// NOTICES

Console.WriteLine($"listening on port {node.Server!.Port}");
Console.WriteLine($"rpc on port {node.Rpc.Port}");

// CALL
var height = await daemon.CallAsync("getblockcount");
// CALL
Console.WriteLine($"the daemon has {height} blocks");

var end = new TaskCompletionSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
await end.Task;

void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    end.TrySetResult();
}
