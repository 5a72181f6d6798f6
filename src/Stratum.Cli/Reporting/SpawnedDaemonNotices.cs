using Stratum.Daemon;

namespace Stratum.Cli;

/// <summary>What an operator should know of a daemon that was taken over.</summary>
internal static class SpawnedDaemonNotices
{
    public static void Follow(SpawnedDaemon daemon, Action<string> say) => daemon.Ready += (_, ready) =>
    {
        if (ready.IsAdopted)
            say($"{daemon.Options.Name} runs already (pid {ready.Pid}) and was taken over"
                + (ready.Differences.Count == 0 ? "" : $"; it was started with other options ({string.Join(", ", ready.Differences)}), "
                    + "which count from its next start"));
        return default;
    };
}
