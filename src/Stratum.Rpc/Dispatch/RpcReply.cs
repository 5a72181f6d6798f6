namespace Stratum.Rpc;

/// <summary>What goes back for a message.</summary>
/// <param name="Bytes">JSON with a line feed behind it; empty when nothing is to be sent.</param>
/// <param name="Error">What the answer of a single call says; null when it went well, and for batches.</param>
/// <param name="IsVersion2">Whether the call said that it is one of JSON-RPC 2.0; false of what could not be read.</param>
public readonly record struct RpcReply(
    ReadOnlyMemory<byte> Bytes, RpcException? Error = null, bool IsVersion2 = false)
{
    /// <summary>Whether the message could not be read: over a stream nobody knows where the next one begins.</summary>
    public bool IsParseError => Error?.Code == RpcErrors.ParseError;
}
