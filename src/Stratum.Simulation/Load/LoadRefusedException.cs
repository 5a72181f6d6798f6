namespace Stratum.Simulation;

/// <summary>
/// A <see cref="LoadRun"/> is not begun: the server is not on this machine, or this machine has not what it needs.
/// </summary>
/// <param name="message">Why, and what to change.</param>
public sealed class LoadRefusedException(string message) : Exception(message);
