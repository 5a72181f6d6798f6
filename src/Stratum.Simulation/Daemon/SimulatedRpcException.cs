namespace Stratum.Simulation;

/// <summary>
/// A call that the simulated daemon refuses; becomes the <c>error</c> of the answer. May be thrown by
/// <see cref="SimulatedDaemon.Tamper"/>, too.
/// </summary>
/// <param name="code">The error's code, such as -8.</param>
/// <param name="message">Its text.</param>
public sealed class SimulatedRpcException(int code, string message) : Exception(message)
{
    /// <summary>The error's code.</summary>
    public int Code { get; } = code;
}
