using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Stratum.Testing;

namespace Stratum.Cli.Tests;

/// <summary>The command as a process of its own, as a user starts it.</summary>
internal sealed class Command : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly List<string> _lines = [];
    private readonly SemaphoreSlim _changed = new(0);
    // Two pools of one coin must not meet in the user's own state folder.
    private readonly TempFolder _own = new();

    private Command(Process process) => _process = process;

    public int Pid => _process.Id;

    public string Errors => string.Join('\n', _errors);

    public string LastError => _errors.LastOrDefault(line => line.Length > 0) ?? "";

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
                return [.. _lines];
        }
    }

    public static Command Start(params string[] arguments) => StartWithInput(null, arguments);

    /// <summary>Nobody reads its standard output: the pipe fills up.</summary>
    public static Command StartUnread(params string[] arguments) => Start(null, false, arguments);

    public static Command StartWithInput(string? input, params string[] arguments) => Start(input, true, arguments);

    /// <summary>With a variable in its environment.</summary>
    public static Command StartWith((string Name, string Value) variable, params string[] arguments) =>
        StartWith([variable], arguments);

    /// <summary>With variables in its environment.</summary>
    public static Command StartWith(IReadOnlyList<(string Name, string Value)> variables, params string[] arguments) =>
        Start(null, true, arguments, variables);

    private static Command Start(
        string? input, bool read, string[] arguments, IReadOnlyList<(string Name, string Value)>? variables = null)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Stratum.Cli.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        var process = new Process { StartInfo = start };
        var command = new Command(process);
        start.Environment["XDG_STATE_HOME"] = command._own.Path;
        foreach (var (name, value) in variables ?? [])
            start.Environment[name] = value;
        process.OutputDataReceived += (_, data) => command.Add(data.Data);
        process.ErrorDataReceived += (_, data) => command._errors.Enqueue(data.Data ?? "");
        process.Start();
        if (read)
            process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (input is not null)
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }
        return command;
    }

    /// <summary>Waits for an event of <c>--json</c>; all that came before stay there for the next wait.</summary>
    public async Task<JsonElement> EventAsync(string name, Func<JsonElement, bool>? matches = null)
    {
        using var deadline = new CancellationTokenSource(s_patience);
        while (true)
        {
            foreach (var line in Lines)
            {
                var json = JsonDocument.Parse(line).RootElement;
                if (json.GetProperty("event").GetString() == name && matches?.Invoke(json) != false)
                    return json;
            }
            try
            {
                await _changed.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"No event {name} within {s_patience}. Output:\n{string.Join('\n', Lines)}\n{Errors}");
            }
        }
    }

    /// <summary>Waits for a line that contains a text.</summary>
    public async Task<string> LineAsync(string part)
    {
        using var deadline = new CancellationTokenSource(s_patience);
        while (true)
        {
            if (Lines.FirstOrDefault(line => line.Contains(part, StringComparison.Ordinal)) is { } found)
                return found;
            await _changed.WaitAsync(deadline.Token);
        }
    }

    public IEnumerable<JsonElement> Events(string name) =>
        Lines.Select(line => JsonDocument.Parse(line).RootElement).Where(json => json.GetProperty("event").GetString() == name);

    public async Task<int> ExitCodeAsync()
    {
        using var deadline = new CancellationTokenSource(s_patience);
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    public async Task<int> SignalAsync(PosixSignal signal)
    {
        using var kill = Process.Start("kill", [signal == PosixSignal.SIGINT ? "-INT" : "-TERM", _process.Id.ToString()]);
        await kill.WaitForExitAsync();
        return await ExitCodeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _own.Dispose();
    }

    private void Add(string? line)
    {
        if (line is null)
            return;
        lock (_lines)
            _lines.Add(line);
        _changed.Release();
    }
}
