using System.Net;

namespace Stratum.Rpc;

/// <summary>Who sent a message.</summary>
/// <param name="Transport">How it came.</param>
/// <param name="RemoteEndPoint">Its address; null where there is none. An IPv4 address is never mapped into
/// IPv6.</param>
/// <param name="IsAdmitted">Whether it gave the password elsewhere (a header): then no parameter is taken for
/// one.</param>
public sealed record RpcPeer(RpcTransport Transport, IPEndPoint? RemoteEndPoint = null, bool IsAdmitted = false);
