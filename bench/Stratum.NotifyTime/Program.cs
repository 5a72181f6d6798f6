// How long a daemon's blocknotify takes: from the start of its process until a server has the line.
//   dotnet run -c Release --project bench/Stratum.NotifyTime [-- ROUNDS [NAME=PATH]...]    PATH: another build of blocknotify
using System.Diagnostics;
using System.Globalization;
using Stratum.NotifyTime;

const int WarmUp = 3;
const string Hash = "00000000000000000002a7c4c1e48d76c5a37902165a270156b7a8d72728a054";
var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 40;

using var receiver = new Receiver();
using var variants = new Variants();
var blocknotify = Built("src", "Stratum.BlockNotify");
var nothing = new Contestant("a .NET program that does nothing", Built("bench", "Stratum.DoNothing"));
var ours = Notify("**blocknotify**", blocknotify);
List<Contestant> all =
[
    nothing,
    ours,
    Notify("EventSource on", variants.Make(blocknotify, "System.Diagnostics.Tracing.EventSource.IsSupported", true)),
    Notify("with cultures", variants.Make(blocknotify, "System.Globalization.Invariant", false)),
    Notify("concurrent collector off", variants.Make(blocknotify, "System.GC.Concurrent", false)),
    Notify("profile-guided recompiling off", variants.Make(blocknotify, "System.Runtime.TieredPGO", false)),
    Notify("quick compiling off", variants.Make(blocknotify, "System.Runtime.TieredCompilation", false)),
];
all.AddRange(args.Skip(1).Select(other => other.Split('=', 2)).Select(other => Notify(other[0], other[1])));
var node = new Contestant("Node, a script that does the same", "node",
    Path.Combine(AppContext.BaseDirectory, "notify.js"), $"{receiver.Port}", "pass", Hash);
var hasNode = HasNode();
if (hasNode)
    all.Add(node);

for (var round = 0; round < WarmUp + rounds; round++)
    foreach (var contestant in all)
        contestant.Run(receiver, counts: round >= WarmUp);

Console.WriteLine($"{rounds} rounds after {WarmUp} to warm up, {Environment.ProcessorCount} cores, .NET {Environment.Version},"
    + $" load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}; median, milliseconds");
Console.WriteLine();
Console.WriteLine("| | the server has it | ratio | it has ended | ratio |");
Console.WriteLine("|---|---:|---:|---:|---:|");
foreach (var contestant in all)
    Console.WriteLine($"| {contestant.Name} | {Figures(contestant.Told)} | {Figures(contestant.Ended)} |");
if (!hasNode)
    Console.WriteLine($"| {node.Name} | not installed | | | |");
Console.WriteLine();
Console.WriteLine($"Budget: {ours.Told / nothing.Ended:F2} of at most 2.00"
    + (hasNode ? $"; {ours.Told / node.Told:F2} of Node's" : ""));

Contestant Notify(string name, string program) =>
    new(name, program, "--port", $"{receiver.Port}", "--password", "pass", "--hash", Hash);

string Figures(double milliseconds) => double.IsNaN(milliseconds) ? " | "
    : string.Create(CultureInfo.InvariantCulture, $"{milliseconds:F1} | {milliseconds / nothing.Ended:F2}");

// The program that was built with this one, from .../bench/Stratum.NotifyTime/bin/Release/net10.0.
static string Built(string part, string project)
{
    var framework = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
    var root = framework.Parent!.Parent!.Parent!.Parent!.Parent!.FullName;
    return Path.Combine(root, part, project, "bin", framework.Parent.Name, framework.Name, project);
}

static bool HasNode()
{
    try
    {
        using var version = Process.Start(new ProcessStartInfo("node", "--version") { RedirectStandardOutput = true })!;
        version.WaitForExit();
        return true;
    }
    catch (System.ComponentModel.Win32Exception)
    {
        return false;
    }
}
