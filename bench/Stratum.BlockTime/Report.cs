using System.Diagnostics;
using System.Globalization;

namespace Stratum.BlockTime;

/// <summary>Median, least and most of every step.</summary>
internal sealed class Report
{
    private readonly List<(string Step, List<double> Milliseconds)> _steps = [];

    public void Add(long asked, long tip, Marks marks, long first, long last, TimeSpan job)
    {
        if (marks.Answered < asked || marks.Read < marks.Answered || marks.InSlots < marks.Read)
            throw new InvalidOperationException("The marks are not in their order: a step of the pool was not seen.");
        Note("before: the daemon makes a block and takes it as its tip", asked, tip);
        Note("daemon: its new template begins to come", tip, marks.Answered);
        Note("template: received and read", marks.Answered, marks.Read);
        Note("job: made and in every slot", marks.Read, marks.InSlots);
        Note("wire: last session has it", marks.InSlots, last);
        Note("**tip to first session**", tip, first);
        Note("**tip to last session**", tip, last);
        Note("first session to last", first, last);
        Note("by itself: making a job of the template", job.TotalMilliseconds);
    }

    public void Print(string title)
    {
        Console.WriteLine();
        Console.WriteLine($"{title}; milliseconds");
        Console.WriteLine();
        Console.WriteLine("| step | median | min | max |");
        Console.WriteLine("|---|---:|---:|---:|");
        foreach (var (step, all) in _steps)
        {
            all.Sort();
            var median = (all[(all.Count - 1) / 2] + all[all.Count / 2]) / 2;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {step} | {median:F2} | {all[0]:F2} | {all[^1]:F2} |"));
        }
    }

    private void Note(string step, long from, long to) =>
        Note(step, (to - from) * 1000.0 / Stopwatch.Frequency);

    private void Note(string step, double milliseconds)
    {
        var at = _steps.FindIndex(one => one.Step == step);
        if (at < 0)
        {
            at = _steps.Count;
            _steps.Add((step, []));
        }
        _steps[at].Milliseconds.Add(milliseconds);
    }
}
