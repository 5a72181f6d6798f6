using System.Diagnostics;
using Stratum.NewsTime;

// From a block on the daemon to a miner's mining.notify: by the daemon's notify command, by long poll, by both.
const int Rounds = 20;
const int WarmUp = 3;

Console.WriteLine($"{Rounds} blocks after {WarmUp} to warm up, {Environment.ProcessorCount} cores, .NET {Environment.Version},"
    + $" load {File.ReadAllText("/proc/loadavg").Split(' ')[0]} before");
Console.WriteLine($"{"milliseconds",-14}{"median",10}{"min",10}{"max",10}");
foreach (var way in Enum.GetValues<Way>())
{
    await using var world = await World.StartAsync(way);
    using var miner = await Miner.LoginAsync(world.Port);
    var times = new List<double>();
    for (var round = 0; round < WarmUp + Rounds; round++)
    {
        // Quiet again: the next long poll waits in the daemon.
        await Task.Delay(500);
        var known = world.NextBlockIsKnownAsync();
        // The question has to be with the daemon before the block is.
        await Task.Delay(100);
        var told = miner.NextCleanJobAsync();
        await world.GenerateAsync();
        var tip = await known;
        var at = await told.WaitAsync(TimeSpan.FromSeconds(30));
        if (round >= WarmUp)
            times.Add(Stopwatch.GetElapsedTime(tip, at).TotalMilliseconds);
    }
    times.Sort();
    Console.WriteLine($"{way,-14}{(times[(Rounds - 1) / 2] + times[Rounds / 2]) / 2,10:N1}{times[0],10:N1}{times[^1],10:N1}");
}
