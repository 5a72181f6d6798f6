using System.CommandLine;
using Stratum.Cli;

var root = new RootCommand("Stratum for .NET: a mining pool, a miner and tools that speak the Stratum protocol.")
{
    DemoVerb.Create(),
    PoolVerb.Create(),
    MineVerb.Create(),
    CallVerb.Create(),
    SendVerb.Create(),
    JournalVerb.Create(),
};

using var signals = new Signals();
return await Runner.RunAsync(root, args, signals.Token);
