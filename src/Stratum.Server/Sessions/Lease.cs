using Stratum.Mining;

namespace Stratum.Server;

/// <summary>An extranonce1 that a session has from a source until it ends, and the one that it had before.</summary>
internal sealed class Lease(WorkSource? source, Extranonce extranonce)
{
    /// <summary>In place of the last: the session is over, and has given all back.</summary>
    public static Lease Ended { get; } = new(null, default);

    public WorkSource? Source => source;

    public Extranonce Extranonce => extranonce;

    public Lease? Next { get; set; }
}
