namespace Stratum.Server;

/// <summary>What carries the sessions of plain TCP connections.</summary>
public enum SessionTransport
{
    /// <summary><see cref="Loop"/> where it works, else <see cref="Pipe"/>.</summary>
    Auto,

    /// <summary>
    /// Epoll loops of our own on Linux, x64 and arm64. Where they do not work, <see cref="Pipe"/> takes their place and
    /// the log says why.
    /// </summary>
    Loop,

    /// <summary>Kestrel's sockets and pipes: every operating system. TLS is always carried so.</summary>
    Pipe,
}
