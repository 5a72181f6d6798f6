using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Stratum.Testing;

/// <summary>A program as a process of its own, as a user starts it.</summary>
public sealed class RunningProgram : IAsyncDisposable
{
    // For a machine that builds and tests everything at once.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly List<string> _seen = [];

    private RunningProgram(Process process) => _process = process;

    /// <summary>Starts it.</summary>
    /// <param name="program">A program, or the dll of one.</param>
    /// <param name="folder">Where it runs; null: here.</param>
    /// <param name="arguments">Its arguments.</param>
    public static RunningProgram Start(string program, string? folder, IEnumerable<string> arguments)
    {
        var isDll = program.EndsWith(".dll", StringComparison.Ordinal);
        var start = new ProcessStartInfo(isDll ? "dotnet" : program, isDll ? [program, .. arguments] : arguments)
        {
            WorkingDirectory = folder ?? "", RedirectStandardOutput = true, RedirectStandardError = true,
        };
        var process = new Process { StartInfo = start };
        var running = new RunningProgram(process);
        process.OutputDataReceived += (_, data) =>
        {
            if (data.Data is null)
                running._lines.Writer.TryComplete();
            else
                running._lines.Writer.TryWrite(data.Data);
        };
        process.ErrorDataReceived += (_, data) => running._lines.Writer.TryWrite("error: " + data.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return running;
    }

    /// <summary>The port that a server prints, as the samples do.</summary>
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
