using System.Diagnostics;
using System.Globalization;
using Stratum.BlockTime;

const int Sessions = 1000;
const int Rounds = 20;
const int WarmUp = 3;
int[] sizes = args.Length > 0 ? [.. args.Select(size => int.Parse(size, CultureInfo.InvariantCulture))] : [0, 4000];

Console.WriteLine($"{Sessions} sessions, {Rounds} blocks after {WarmUp} to warm up, {Environment.ProcessorCount} cores,"
    + $" .NET {Environment.Version}, load {File.ReadAllText("/proc/loadavg").Split(' ')[0]} before");
foreach (var size in sizes)
    await RunAsync(size);

static async Task RunAsync(int transactions)
{
    await using var chain = await DaemonChain.StartAsync(transactions);
    using var marks = new Marks();
    await using var pool = await PoolUnderTest.StartAsync(chain, marks);
    using var miners = await Miners.LoginAsync(pool.Port, Sessions);
    var report = new Report();
    for (var round = 0; round < WarmUp + Rounds; round++)
    {
        // Quiet again: the next long poll waits in the daemon, and no garbage of the last round is due.
        GC.Collect();
        await Task.Delay(1000);
        var all = miners.Expect();
        marks.Begin();
        var known = chain.NextBlockIsKnownAsync();
        // The question has to be with the daemon before the block is.
        await Task.Delay(100);
        var asked = Stopwatch.GetTimestamp();
        var hash = await chain.GenerateAsync();
        var tip = await known;
        await all.WaitAsync(TimeSpan.FromSeconds(30));
        miners.Check(hash);
        if (round >= WarmUp)
            report.Add(asked, tip, marks, miners.First, miners.Last, await pool.TimeOfOneJobAsync());
    }
    report.Print($"{marks.Transactions} transactions in the template, {chain.TemplateBytes / 1e3:N1} kB of JSON");
}
