namespace Stratum.Simulation;

/// <summary>One connection, as the engine has it: under its gate and on its carrier's thread.</summary>
internal interface ILoadLink
{
    /// <summary>Sends all of it; what the system does not take now is kept and sent later.</summary>
    void Send(ReadOnlySpan<byte> bytes);

    /// <summary>Closes it; nothing of it is told any more.</summary>
    void Close();
}
