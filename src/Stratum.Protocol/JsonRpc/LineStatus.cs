namespace Stratum.Protocol;

/// <summary>What <see cref="LineReader.TryReadLine"/> found.</summary>
public enum LineStatus
{
    /// <summary>A line was found; more may wait in the rest of the input.</summary>
    Line,

    /// <summary>All input was taken and no line ended in it.</summary>
    NeedMore,

    /// <summary>
    /// A line grew beyond the limit. The place in the stream is lost: the reader gives this answer from now on,
    /// and the connection has to be closed.
    /// </summary>
    TooLong,
}
