namespace Stratum.Daemon;

/// <summary>How a spawned daemon is, for programs and for people.</summary>
/// <param name="State">Where it is in its life.</param>
/// <param name="Text">One sentence, with the daemon's last words where it ended by itself. Never a secret.</param>
/// <param name="Pid">Of its process, while there is one.</param>
public sealed record SpawnedStatus(SpawnedState State, string Text, int? Pid = null);
