using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Stratum.Client;

/// <summary>
/// Where a pool listens: <c>stratum+tcp://host:3333</c>, <c>tcp://host:3333</c> or <c>host:3333</c> in plain,
/// <c>stratum+ssl://</c>, <c>stratum+tls://</c> or <c>stratum+tcps://</c> with TLS. IPv6 addresses stand in brackets.
/// </summary>
public sealed record StratumUrl
{
    private const string Expected = "expected stratum+tcp://host:port, or stratum+ssl://host:port for TLS";

    /// <summary>Names a pool.</summary>
    /// <param name="host">A name or an address, IPv6 without brackets.</param>
    /// <param name="port">1 to 65535.</param>
    /// <param name="useTls">Whether the connection begins with a TLS handshake.</param>
    /// <exception cref="ArgumentException">The host is no host name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The port is no port.</exception>
    public StratumUrl(string host, int port, bool useTls = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, 65535);
        if (Uri.CheckHostName(host) == UriHostNameType.Unknown)
            throw new ArgumentException($"'{host}' is not a host name", nameof(host));
        Host = host;
        Port = port;
        UseTls = useTls;
    }

    /// <summary>A name or an address, IPv6 without brackets.</summary>
    public string Host { get; }

    /// <summary>1 to 65535.</summary>
    public int Port { get; }

    /// <summary>Whether the connection begins with a TLS handshake.</summary>
    public bool UseTls { get; }

    /// <summary>Reads a URL.</summary>
    /// <exception cref="FormatException">It is none; the text says what was expected.</exception>
    public static StratumUrl Parse(string text) =>
        TryParse(text, out var url, out string? error) ? url : throw new FormatException(error);

    /// <summary>Reads a URL. Never throws.</summary>
    /// <param name="text">The URL; a slash at its end is ignored.</param>
    /// <param name="url">Where the pool listens.</param>
    /// <param name="error">What is wrong, and what was expected.</param>
    public static bool TryParse(
        string? text, [NotNullWhen(true)] out StratumUrl? url, [NotNullWhen(false)] out string? error)
    {
        url = null;
        string rest = (text ?? "").Trim();
        bool useTls = false;
        // First: the other texts repeat the URL.
        if (rest.Contains('@', StringComparison.Ordinal))
        {
            error = "The URL contains a user name: give user and password separately, so that they do not show up in logs";
            return false;
        }

        int colons = rest.IndexOf("://", StringComparison.Ordinal);
        if (colons >= 0)
        {
            string scheme = rest[..colons].ToLowerInvariant();
            if (scheme is not ("stratum+tcp" or "stratum" or "tcp") && !IsTls(scheme))
            {
                error = $"'{text}' has the scheme '{scheme}': {Expected}";
                return false;
            }

            useTls = IsTls(scheme);
            rest = rest[(colons + 3)..];
        }

        rest = rest.TrimEnd('/');
        int colon = rest.LastIndexOf(':');
        if (colon < 0 || colon < rest.LastIndexOf(']'))
        {
            error = $"'{text}' has no port: {Expected}";
            return false;
        }

        string host = rest[..colon];
        if (!int.TryParse(rest[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            || port is < 1 or > 65535)
        {
            error = $"'{text}' has the port '{rest[(colon + 1)..]}', a port is 1 to 65535: {Expected}";
            return false;
        }

        bool bracketed = host.StartsWith('[') && host.EndsWith(']');
        host = bracketed ? host[1..^1] : host;
        var kind = Uri.CheckHostName(host);
        if (kind == UriHostNameType.Unknown || bracketed != (kind == UriHostNameType.IPv6))
        {
            error = $"'{text}' has the host '{host}', which is not a host name (IPv6 addresses stand in brackets): {Expected}";
            return false;
        }

        url = new StratumUrl(host, port, useTls);
        error = null;
        return true;
    }

    /// <summary>Whether both are the same host (names in any case), port and TLS-ness.</summary>
    public bool Equals(StratumUrl? other) =>
        other is not null && Port == other.Port && UseTls == other.UseTls
        && string.Equals(Host, other.Host, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(Host.GetHashCode(StringComparison.OrdinalIgnoreCase), Port, UseTls);

    /// <summary><c>stratum+tcp://host:port</c> or <c>stratum+ssl://host:port</c>.</summary>
    public override string ToString()
    {
        string host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
        return $"stratum+{(UseTls ? "ssl" : "tcp")}://{host}:{Port}";
    }

    private static bool IsTls(string scheme) =>
        scheme is "stratum+ssl" or "stratum+tls" or "stratum+tcps" or "stratums" or "ssl" or "tls" or "tcps";
}
