namespace Stratum.Protocol;

/// <summary>The wire broke: what the peer sent is not what the protocol allows there.</summary>
public sealed class StratumProtocolException : Exception
{
    /// <summary>Says what came and what was expected.</summary>
    public StratumProtocolException(string message)
        : base(message)
    {
    }

    /// <summary>Says what came and what was expected, and what it was found by.</summary>
    public StratumProtocolException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
