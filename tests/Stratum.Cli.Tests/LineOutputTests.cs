using System.Collections.Concurrent;

namespace Stratum.Cli.Tests;

public sealed class LineOutputTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void Write_NothingFollows_IsWritten()
    {
        var output = new Lines();
        using var lines = new LineOutput(output, static count => $"{count} left out");
        for (var i = 0; i < 20; i++)
        {
            lines.Write($"line {i}");
            Assert.Equal($"line {i}", output.Next());
            // Long enough for the thread to have gone to rest before the next, in every second round.
            if (i % 2 == 0)
                Assert.Null(output.Next(TimeSpan.FromMilliseconds(120)));
        }
    }

    [Fact]
    public void Dispose_LinesOfManyThreadsWait_AllAreWrittenWhole()
    {
        var output = new Lines();
        using (var lines = new LineOutput(output, static count => $"{count} left out"))
            Parallel.For(0, 4, thread =>
            {
                for (var i = 0; i < 1000; i++)
                    lines.Write($"{thread} {i}");
            });
        var written = output.All();
        Assert.Equal(4000, written.Count);
        for (var thread = 0; thread < 4; thread++)
            Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"{thread} {i}"), written.Where(line => line[0] == '0' + thread));
    }

    [Fact]
    public void Write_NobodyReads_SaysHowManyWereLeftOutAndNeverWaits()
    {
        var output = new Lines { IsHeld = true };
        var lines = new LineOutput(output, static count => $"{count} left out");
        for (var i = 0; i < 25_000; i++)
            lines.Write($"{i}");
        output.IsHeld = false;
        lines.Dispose();
        var written = output.All();
        // One may be in the hands of the thread beside those that wait.
        var said = Assert.Single(written, line => line.EndsWith("left out", StringComparison.Ordinal));
        Assert.Equal(25_000, written.Count - 1 + int.Parse(said.Split(' ')[0]));
        Assert.InRange(written.Count - 1, 10_000, 10_001);
    }

    // What was written, line by line; holds the writer while it is held.
    private sealed class Lines : StringWriter
    {
        private readonly BlockingCollection<string> _lines = [];
        private readonly ManualResetEventSlim _free = new(true);

        public bool IsHeld
        {
            set
            {
                if (value)
                    _free.Reset();
                else
                    _free.Set();
            }
        }

        public override void WriteLine(string? value)
        {
            _free.Wait();
            _lines.Add(value!);
        }

        public string? Next(TimeSpan? within = null) => _lines.TryTake(out var line, within ?? s_patience) ? line : null;

        public List<string> All() => [.. _lines];
    }
}
