using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Stratum.Samples.Tests;

/// <summary>A sample as a process of its own, as a reader starts it.</summary>
internal sealed class Sample : IAsyncDisposable
{
    // For a machine that builds and tests everything at once.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly List<string> _seen = [];

    private Sample(Process process) => _process = process;

    public static Sample Start(string name, params string[] arguments) => StartIn(Environment.CurrentDirectory, name, arguments);

    public static Sample StartIn(string folder, string name, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.ArgumentList.Add(Tree.Program(name));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        var process = new Process { StartInfo = start };
        var sample = new Sample(process);
        process.OutputDataReceived += (_, data) =>
        {
            if (data.Data is null)
                sample._lines.Writer.TryComplete();
            else
                sample._lines.Writer.TryWrite(data.Data);
        };
        process.ErrorDataReceived += (_, data) => sample._lines.Writer.TryWrite("error: " + data.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return sample;
    }

    /// <summary>The port that a server sample prints.</summary>
    public async Task<int> PortAsync()
    {
        const string start = "listening on port ";
        return int.Parse((await LineAsync(line => line.StartsWith(start)))[start.Length..]);
    }

    /// <summary>The next line that matches; those before it are skipped.</summary>
    public async Task<string> LineAsync(Func<string, bool> matches)
    {
        using var deadline = new CancellationTokenSource(s_patience);
        try
        {
            while (true)
            {
                var line = await _lines.Reader.ReadAsync(deadline.Token);
                _seen.Add(line);
                if (matches(line))
                    return line;
            }
        }
        catch (Exception error) when (error is OperationCanceledException or ChannelClosedException)
        {
            throw new InvalidOperationException("The line did not come. There were:\n" + string.Join('\n', _seen), error);
        }
    }

    /// <summary>Ends it as a service manager or Ctrl-C does, and gives its exit code.</summary>
    public async Task<int> EndAsync(PosixSignal signal)
    {
        using var kill = Process.Start("kill", [signal == PosixSignal.SIGINT ? "-INT" : "-TERM", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
        return await ExitCodeAsync();
    }

    public async Task<int> ExitCodeAsync()
    {
        using var deadline = new CancellationTokenSource(s_patience);
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
