using System.Diagnostics;
using System.Globalization;
using Stratum.Testing;

namespace Stratum.Daemon.Tests;

/// <summary>A state folder, and whatever was started from it is gone when the test is.</summary>
internal sealed class SpawnWorld : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TempFolder _folder = new();

    public string Folder => _folder.Path;

    public string State => _folder.File("state");

    /// <summary>Every line that is logged, of every level.</summary>
    public ListLogger Log { get; } = new();

    public string File(string name) => _folder.File(name);

    /// <summary>A quiet litecoind of a private chain.</summary>
    public SpawnedDaemonOptions Litecoind(string path = LitecoindNode.Program) =>
        SpawnedDaemonOptions.For(DaemonDefinition.Litecoin, State, DaemonNetwork.Regtest, path) with
        {
            Args =
            [
                "listen=0", "dnsseed=0", "-discover=0", "-upnp=0", "maxtipage=1000000000", "keypool=5", "checkmempool=0",
            ],
            LoggerFactory = Log,
            MinRestartDelay = TimeSpan.FromMilliseconds(50),
        };

    /// <summary>A program of the test's own.</summary>
    public SpawnedDaemonOptions Fake(string script) => new()
    {
        Name = "fake",
        Path = Script("faked", script),
        StateFolder = State,
        LoggerFactory = Log,
        StartTimeout = TimeSpan.FromSeconds(20),
        MinRestartDelay = TimeSpan.FromMilliseconds(50),
        CheckInterval = TimeSpan.FromMilliseconds(20),
    };

    public string Script(string name, string text)
    {
        string path = File(name);
        System.IO.File.WriteAllText(path, text);
        SetMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    public static UnixFileMode ModeOf(string path) =>
        OperatingSystem.IsWindows() ? throw new PlatformNotSupportedException() : System.IO.File.GetUnixFileMode(path);

    public static void SetMode(string path, UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException();
        }

        System.IO.File.SetUnixFileMode(path, mode);
    }

    public static bool IsAlive(int pid) => ProcessStat.Of(pid) is { HasEnded: false };

    public static void Kill(int pid)
    {
        using Process process = Process.GetProcessById(pid);
        process.Kill();
    }

    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        long begun = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(begun) < Patience, $"Not within {Patience}: {what}");
            await Task.Delay(10);
        }
    }

    /// <summary>Ends what a failed test left behind; only processes that name our folder.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (string proc in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(proc), NumberStyles.None, CultureInfo.InvariantCulture, out int pid)
                && pid != Environment.ProcessId
                && ProcessTable.Arguments(pid).Any(argument => argument.Contains(Folder, StringComparison.Ordinal))
                && IsAlive(pid))
            {
                Kill(pid);
                await UntilAsync(() => !IsAlive(pid), $"the end of process {pid}");
            }
        }

        _folder.Dispose();
    }
}
