// How memory and processor time grow with the sessions of one process, without sockets: the session needs none.
//   dotnet run -c Release --project bench/Stratum.Scale [-- SESSIONS...]      default 10 to 1,000,000
// Each number of sessions is a process of its own, so that what one leaves behind is not the next one's.
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Stratum.Scale;

if (args is ["one", var only])
{
    Console.WriteLine(JsonSerializer.Serialize(await Measure.RunAsync(int.Parse(only, CultureInfo.InvariantCulture))));
    return 0;
}
int[] numbers = args.Length > 0
    ? [.. args.Select(text => int.Parse(text, CultureInfo.InvariantCulture))]
    : [10, 100, 1000, 10_000, 100_000, 1_000_000];

Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}, load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}; "
    + "times are the thread's processor time");
Console.WriteLine();
Console.WriteLine("| sessions | bytes of a session: live, fresh | after broadcasts | growth of the process | log in, µs | share, µs "
    + "| a job into all slots, ms | all lines taken, ms | heartbeat, ms | heartbeat with work for all, ms | full collection, ms | collections while logging in | their pauses together, ms |");
Console.WriteLine("|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
foreach (var sessions in numbers)
{
    if (await ChildAsync(sessions) is not { } figures)
        return 1;
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"| {figures.Sessions:N0} | {figures.LiveBytes:N0} | {figures.LiveBytesAfter:N0} | {figures.ResidentBytes:N0} ")
        + string.Create(CultureInfo.InvariantCulture, $"| {figures.LoginMicroseconds:F1} | {figures.ShareMicroseconds:F2} ")
        + $"| {Milliseconds(figures.SlotsMilliseconds)} | {Milliseconds(figures.TakeMilliseconds)} | {Milliseconds(figures.BeatMilliseconds)} "
        + $"| {Milliseconds(figures.RenewMilliseconds)} | {Milliseconds(figures.CollectMilliseconds)} | {figures.Collections} | {Milliseconds(figures.PausesMilliseconds)} |");
}
return 0;

static string Milliseconds(double value) => value.ToString(value < 1 ? "F3" : value < 100 ? "F1" : "F0", CultureInfo.InvariantCulture);

static async Task<Figures?> ChildAsync(int sessions)
{
    var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
    start.ArgumentList.Add("one");
    start.ArgumentList.Add(sessions.ToString(CultureInfo.InvariantCulture));
    using var process = Process.Start(start)!;
    var text = await process.StandardOutput.ReadToEndAsync();
    await process.WaitForExitAsync();
    if (process.ExitCode == 0)
        return JsonSerializer.Deserialize<Figures>(text);
    Console.Error.WriteLine($"{sessions} sessions: the process ended with {process.ExitCode}.");
    return null;
}
