namespace Stratum.Simulation;

/// <summary>One connection, as the engine has it: under its gate and on its carrier's thread.</summary>
internal interface ILoadLink
{
    /// <summary>
    /// So many bytes wait at most; then the connection is lost. The shares that may be unanswered take about half of it.
    /// </summary>
    const int MostUnsent = 4 * 1024 * 1024;

    /// <summary>Why it is lost then.</summary>
    const string DoesNotRead = "The server does not read what it is sent";

    /// <summary>Sends all of it; what the system does not take now is kept and sent later.</summary>
    void Send(ReadOnlySpan<byte> bytes);

    /// <summary>Closes it; nothing of it is told any more.</summary>
    void Close();
}
