namespace Stratum.Rpc;

/// <summary>
/// A call brought no answer: nobody there, the door closed, or what came back is not JSON-RPC. Whether the server
/// acted on it is unknown. The text names host, port and HTTP status, and what to change; it never holds a secret.
/// </summary>
public sealed class RpcTransportException : Exception
{
    /// <summary>Says what failed.</summary>
    public RpcTransportException(
        RpcTransportFailure failure, string message, int? httpStatus = null, Exception? innerException = null)
        : base(message, innerException)
    {
        Failure = failure;
        HttpStatus = httpStatus;
    }

    /// <summary>The kind of failure, for programs.</summary>
    public RpcTransportFailure Failure { get; }

    /// <summary>The HTTP status that came, or null when none did.</summary>
    public int? HttpStatus { get; }
}
