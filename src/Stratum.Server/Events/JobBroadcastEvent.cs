using Stratum.Mining;

namespace Stratum.Server;

/// <summary>A job was put into the slot of every session of its source.</summary>
/// <param name="Job">The job.</param>
/// <param name="Sessions">How many sessions got it.</param>
public readonly record struct JobBroadcastEvent(Job Job, int Sessions);
