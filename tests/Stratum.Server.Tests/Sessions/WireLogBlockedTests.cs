using System.Text;
using Microsoft.Extensions.Logging;

namespace Stratum.Server.Tests;

/// <summary>It takes the process's standard error.</summary>
[Collection("alone")]
public sealed class WireLogBlockedTests
{
    [Fact]
    public async Task Log_StandardErrorIsHeld_NobodyWaitsAndItSaysWhatWasDropped()
    {
        var (standard, debug) = (Console.Error, Environment.GetEnvironmentVariable("DEBUG"));
        using var held = new Held();
        Console.SetError(held);
        Environment.SetEnvironmentVariable("DEBUG", "stratum");
        try
        {
            using var log = WireLog.FromEnvironment()!;
            var logger = log.Factory.CreateLogger("Stratum.Server");
            // More than its queue takes.
            await Task.Run(() =>
            {
                for (var i = 0; i < 10_000; i++)
                    logger.LogTrace("a line");
            }).WaitAsync(TimeSpan.FromSeconds(30));
            held.Gate.Set();
            await Answers.BecomesTrueAsync(() =>
            {
                logger.LogTrace("one more");
                return held.Text.Contains("dropped", StringComparison.Ordinal);
            });
        }
        finally
        {
            held.Gate.Set();
            Console.SetError(standard);
            Environment.SetEnvironmentVariable("DEBUG", debug);
        }
    }

    private sealed class Held : TextWriter
    {
        private readonly StringBuilder _text = new();

        public ManualResetEventSlim Gate { get; } = new();

        public override Encoding Encoding => Encoding.UTF8;

        public string Text
        {
            get
            {
                lock (_text)
                    return _text.ToString();
            }
        }

        public override void Write(char value) => Write($"{value}");

        public override void Write(string? value)
        {
            Gate.Wait(TimeSpan.FromMinutes(2));
            lock (_text)
                _text.Append(value);
        }
    }
}
