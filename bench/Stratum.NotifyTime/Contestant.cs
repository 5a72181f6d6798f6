using System.Diagnostics;

namespace Stratum.NotifyTime;

/// <summary>A program that is started again and again.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Program">Its file, or a name on the PATH.</param>
/// <param name="Arguments">Its command line.</param>
internal sealed record Contestant(string Name, string Program, params string[] Arguments)
{
    private readonly List<double> _told = [];
    private readonly List<double> _ended = [];

    /// <summary>From its start to the server having the block: median, in milliseconds. NaN when it calls nobody.</summary>
    public double Told => Median(_told);

    /// <summary>From its start to its end.</summary>
    public double Ended => Median(_ended);

    public void Run(Receiver receiver, bool counts)
    {
        receiver.TakeArrived();
        var begun = Stopwatch.GetTimestamp();
        using var process = Process.Start(Program, Arguments);
        process.WaitForExit();
        var ended = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{Name} failed with {process.ExitCode}.");
        var arrived = receiver.TakeArrived();
        if (arrived == 0 && Arguments.Length > 0)
            throw new InvalidOperationException($"{Name} told nobody.");
        if (!counts)
            return;
        _ended.Add(ended);
        if (arrived != 0)
            _told.Add(Stopwatch.GetElapsedTime(begun, arrived).TotalMilliseconds);
    }

    private static double Median(List<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? double.NaN : (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
