using System.Net;

namespace Stratum.Server;

/// <summary>A connection was refused because a cap was reached.</summary>
/// <param name="RemoteAddress">Who asked; null when unknown.</param>
/// <param name="Connections">Connections that are open.</param>
/// <param name="PerAddress">Whether it was the cap of one address.</param>
public readonly record struct BusyEvent(IPAddress? RemoteAddress, int Connections, bool PerAddress);
