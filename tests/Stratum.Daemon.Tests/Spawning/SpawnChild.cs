using System.Diagnostics;
using System.Globalization;
using Stratum.Testing;

namespace Stratum.Daemon.Tests;

/// <summary>A process that spawns a daemon and is then killed: explicit tests, which other tests start as a process.
/// </summary>
public sealed class SpawnChild
{
    private const string FolderVariable = "STRATUM_TEST_SPAWN";
    private const string GeneratesVariable = "STRATUM_TEST_SPAWN_GENERATES";

    [Fact(Explicit = true)]
    public async Task SpawnsUntilKilled()
    {
        string folder = Environment.GetEnvironmentVariable(FolderVariable)!;
        bool generates = Environment.GetEnvironmentVariable(GeneratesVariable) is not null;
        await using var daemon = new SpawnedDaemon(Options(folder, generates, notifyPort: 1337));
        await daemon.StartAsync();
        // What a signal to our group does reach.
        string watched = Path.Combine(folder, "watched");
        await File.WriteAllTextAsync(watched, "");
        using Process canary = Process.Start("tail", ["-f", watched]);
        await File.WriteAllTextAsync(Path.Combine(folder, "pids.new"), $"{daemon.Pid} {canary.Id}");
        File.Move(Path.Combine(folder, "pids.new"), Path.Combine(folder, "pids"));
        await canary.WaitForExitAsync();
        await Task.Delay(Timeout.Infinite);
    }

    /// <summary>The same daemon for the child and for who comes after it.</summary>
    internal static SpawnedDaemonOptions Options(string folder, bool generates, int notifyPort) =>
        SpawnedDaemonOptions.For(
            DaemonDefinition.Litecoin, Path.Combine(folder, "state"), DaemonNetwork.Regtest, LitecoindNode.Program) with
        {
            GenerateCredentials = generates,
            Args = ["listen=0", "dnsseed=0", "discover=0", "upnp=0", "keypool=5"],
            Notify = [NotifyKind.Block],
            NotifyCommand = new NotifyCommand { Program = "/bin/true", Port = notifyPort },
        };

    /// <summary>Starts it in a group of its own; the pids of itself, the daemon and the canary.</summary>
    internal static async Task<(Process Child, int Daemon, int Canary)> StartAsync(string folder, bool generates)
    {
        var start = new ProcessStartInfo(
            "setsid",
            [
                "dotnet", typeof(SpawnChild).Assembly.Location,
                "-method", $"{typeof(SpawnChild).FullName}.{nameof(SpawnsUntilKilled)}", "-explicit", "only",
            ])
        {
            RedirectStandardOutput = true,
        };
        start.Environment[FolderVariable] = folder;
        if (generates)
        {
            start.Environment[GeneratesVariable] = "1";
        }

        Process child = Process.Start(start)!;
        string pids = Path.Combine(folder, "pids");
        await SpawnWorld.UntilAsync(() => File.Exists(pids) || child.HasExited, "the child's daemon");
        Assert.False(child.HasExited);
        int[] both = [.. (await File.ReadAllTextAsync(pids)).Split(' ').Select(pid => int.Parse(pid, CultureInfo.InvariantCulture))];
        return (child, both[0], both[1]);
    }
}
