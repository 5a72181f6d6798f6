// A solo pool on your node: the whole reward of each block that your miners find is yours.
//   dotnet run --project samples/SoloPool -- bc1q... http://127.0.0.1:8332 ~/.bitcoin/.cookie
//   dotnet run --project samples/SoloPool -- bcrt1q... http://127.0.0.1:18443 ~/.bitcoin/regtest/.cookie regtest 0.0.0.0:3333
using System.Net;
using System.Runtime.InteropServices;
using Stratum.Daemon;
using Stratum.Mining;
using Stratum.Pool;
using Stratum.Server;

var (coin, network) = (Coin.Bitcoin, Coin.Bitcoin.GetNetwork(args.ElementAtOrDefault(3) ?? "mainnet"));
using var ending = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);

await using var pool = new MiningPool(new MiningPoolOptions
{
    Coin = coin,
    Network = network,
    PayTo = Address.Parse(args[0], coin, network),
    Daemons = [new CoinDaemonOptions { Coin = coin, Network = network, Url = new Uri(args[1]), CookieFile = args[2] }],
    Server = new StratumServerOptions
    {
        Listen = { IPEndPoint.Parse(args.ElementAtOrDefault(4) ?? "0.0.0.0:3333") },
        DifficultyPolicy = new VariableDifficulty(TimeSpan.FromSeconds(10)), // between two shares of a miner
    },
    JournalFile = "blocks.journal", // a block that is not safe yet is offered again, even after a crash
});
pool.Noticed += Console.WriteLine;
pool.DaemonChanged += change => Console.WriteLine(change.Status.Text);
pool.Server.ShareAccepted += (_, e) => Console.WriteLine($"share of {e.Worker}, difficulty {e.Difficulty}");
pool.BlockSubmitted += block => Console.WriteLine($"block {block.Height} of {block.Worker}: {block.State}");
try
{
    await pool.StartAsync(ending.Token); // waits for the node's first work
    Console.WriteLine($"listening on port {pool.Server.Port}");
    await Task.Delay(Timeout.Infinite, ending.Token);
}
catch (OperationCanceledException)
{
    // Ctrl-C: leaving closes the sessions, after what they are owed
}

void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    ending.Cancel();
}
