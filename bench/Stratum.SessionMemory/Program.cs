using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Stratum.SessionMemory;

// What an idle session costs. A server in a process of its own, so that DOTNET_ settings of the environment are its, and
// sessions that subscribe, authorize and then only get jobs:
//
//   dotnet run -c Release --project bench/Stratum.SessionMemory -- [SESSIONS] [auto|loop|pipe]
//
// 10,000 sessions need 10,000 open files here and there.
if (args is ["serve", var driver])
    return await Served.RunAsync(driver);

var count = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10_000;
var transport = args.Length > 1 ? args[1] : "auto";
var start = new ProcessStartInfo(Environment.ProcessPath!)
{
    RedirectStandardInput = true, RedirectStandardOutput = true, ArgumentList = { "serve", transport },
};
using var server = Process.Start(start)!;
var port = int.Parse(server.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
var before = Measure("");
var sockets = new List<Socket>(count);
for (var i = 0; i < count; i++)
    sockets.Add(Miner.Login(port, i));
Report("after the logins");
for (var round = 1; round <= 5; round++)
{
    Measure("broadcast");
    foreach (var socket in sockets)
        Miner.ReadJob(socket);
}
Report("after five broadcasts");
Measure("collect");
Report("after a collection");
foreach (var socket in sockets)
    socket.Dispose();
server.StandardInput.Close();
await server.WaitForExitAsync();
return 0;

void Report(string when)
{
    var now = Measure("");
    Console.WriteLine($"{when,-22} a session: {Each(now.Resident - before.Resident)} KB resident, {Each(now.Live - before.Live)} KB of objects, "
        + $"{Each(now.Allocated - before.Allocated)} KB allocated since the start; {now.Collections - before.Collections} collections");
}

string Each(long bytes) => (bytes / 1024.0 / count).ToString("0.00", CultureInfo.InvariantCulture);

// The server says what it sees of itself, after doing what it was told.
Sample Measure(string command)
{
    server.StandardInput.WriteLine(command);
    var numbers = server.StandardOutput.ReadLine()!.Split(' ').Select(text => long.Parse(text, CultureInfo.InvariantCulture)).ToArray();
    return new Sample(numbers[0], numbers[1], numbers[2], numbers[3]);
}

internal sealed record Sample(long Resident, long Live, long Allocated, long Collections);
