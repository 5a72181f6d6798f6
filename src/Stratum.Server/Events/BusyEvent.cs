using System.Net;

namespace Stratum.Server;

/// <summary>A connection was refused with a reset; those that are open are not touched.</summary>
/// <param name="RemoteAddress">Who asked.</param>
/// <param name="Reason">Which limit was reached.</param>
/// <param name="Connections">Connections that are open.</param>
/// <param name="Lag">How late the server does its work; zero while <see cref="StratumServerOptions.TooBusy"/> is
/// off.</param>
public readonly record struct BusyEvent(IPAddress RemoteAddress, BusyReason Reason, int Connections, TimeSpan Lag);
