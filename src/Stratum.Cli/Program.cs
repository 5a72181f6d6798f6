using System.CommandLine;
using Stratum.BlockNotify;
using Stratum.Cli;

// Its arguments are a daemon's and may hold anything: nobody else looks at them, for @files for instance.
if (args is [NotifyVerb.Name, .. var rest])
    return NotifyProgram.Run(rest, "stratum " + NotifyVerb.Name);

var root = new RootCommand("Stratum for .NET: a mining pool, a miner and tools that speak the Stratum protocol.")
{
    DemoVerb.Create(),
    PoolVerb.Create(),
    MineVerb.Create(),
    BenchVerb.Create(),
    CallVerb.Create(),
    SendVerb.Create(),
    JournalVerb.Create(),
    NotifyVerb.Create(),
    HashPasswordVerb.Create(),
};

using var signals = new Signals();
return await Runner.RunAsync(root, args, signals.Token);
