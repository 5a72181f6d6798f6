using System.Collections;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Stratum.Daemon;

/// <summary>Starts a daemon's process.</summary>
internal static class Launcher
{
    // Writes down who it is before it becomes the daemon, so that no moment is left in which we could die and not know
    // our daemon any more. setsid becomes the program in place, since a child never leads its group: one pid for all.
    private const string Script = """
        umask 077
        exec </dev/null >>"$2" 2>&1 || exit 126
        read -r stat </proc/$$/stat && echo "$stat" >"$1" || exit 126
        shift 2
        exec setsid "$@"
        """;

    // Of our environment it gets what programs need; a password in another variable stays here.
    private static readonly string[] s_inherited = ["PATH", "LANG", "TZ", "TMPDIR", "USER", "LOGNAME", "LD_LIBRARY_PATH"];

    /// <summary>Where programs are looked up.</summary>
    public static string? Which(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Where(folder => folder.Length > 0)
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);

    /// <summary>The process: first a shell, within milliseconds the daemon.</summary>
    /// <exception cref="DaemonStartException">No process can be started.</exception>
    public static Process Start(SpawnFiles files, string program, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(
            "/bin/sh", ["-c", Script, "sh", files.Record, files.Output, program, .. arguments]) { WorkingDirectory = "/" };
        SetEnvironment(start.Environment, files.Home);
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new DaemonStartException(
                DaemonStartFailure.NotSupported, $"/bin/sh cannot be started: {e.Message}.", e);
        }
    }

    private static void SetEnvironment(IDictionary<string, string?> environment, string home)
    {
        environment.Clear();
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            string name = (string)variable.Key;
            if (s_inherited.Contains(name) || name.StartsWith("LC_", StringComparison.Ordinal)
                || name.StartsWith("DOTNET_ROOT", StringComparison.Ordinal))
            {
                environment[name] = (string?)variable.Value;
            }
        }

        environment["HOME"] = home;
        // A notify command that is a .NET program finds the runtime that we run on, if that is not a part of us.
        string runtime = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
        if (!environment.ContainsKey("DOTNET_ROOT") && Directory.Exists(Path.Combine(runtime, "host", "fxr")))
        {
            environment["DOTNET_ROOT"] = runtime;
        }
    }
}
