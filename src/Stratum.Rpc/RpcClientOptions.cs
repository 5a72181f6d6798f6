using Microsoft.Extensions.Logging;

namespace Stratum.Rpc;

/// <summary>Where an RPC server is and how it knows us, over TCP or HTTP.</summary>
public sealed record RpcClientOptions
{
    internal const string TcpScheme = "rpc";
    private const int DefaultPort = 1337;

    /// <summary><c>rpc://host:port</c> for bare JSON over TCP (port 1337 when it names none), <c>http://host:port/</c>
    /// or <c>https://host:port/</c>.</summary>
    /// <value>No default. A password does not belong into it: a URL ends up in lists and logs.</value>
    public required Uri Url { get; init; }

    /// <summary>File whose first line is the password.</summary>
    /// <value>None. It is read at each call, so that it may change.</value>
    public string? PasswordFile { get; init; }

    /// <summary>The password itself, for programs that already hold it; it is never printed.</summary>
    /// <value>None.</value>
    public string? Password { get; init; }

    /// <summary>How long a call may take, connecting and reading included.</summary>
    /// <value>30 s, as for coin daemons.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Largest answer that is read, in bytes.</summary>
    /// <value>64 MiB: a list of 100,000 sessions has 25.</value>
    public int MaxAnswerBytes { get; init; } = 64 << 20;

    /// <summary>Connections open at once; further calls wait for one.</summary>
    /// <value>8, as for coin daemons.</value>
    public int MaxConnections { get; init; } = 8;

    /// <summary>How long a connection without a call is kept; zero gives each call a new one.</summary>
    /// <value>10 s. The server drops it after minutes; leaving first avoids meeting it halfway.</value>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The clock of the timeouts.</summary>
    /// <value>The system's.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Logs calls at Debug, without parameters and answers.</summary>
    /// <value>None.</value>
    public ILoggerFactory? LoggerFactory { get; init; }

    internal int Port => Url.Port > 0 ? Url.Port : DefaultPort;

    /// <summary>The URL and the way to authenticate, without secrets.</summary>
    public override string ToString()
    {
        string url = Url.IsAbsoluteUri ? $"{Url.Scheme}://{Url.Host}:{Port}" : "?";
        return this switch
        {
            { PasswordFile: { } file } => $"{url}, password file {file}",
            { Password: not null } => $"{url}, with a password",
            _ => $"{url}, no password",
        };
    }

    internal void Validate()
    {
        if (!Url.IsAbsoluteUri || Url.Scheme != TcpScheme || Url.Host.Length == 0)
        {
            throw new ArgumentException("Url must be rpc://host:port, http://host:port/ or https://host:port/.");
        }

        if (Url.UserInfo.Length > 0)
        {
            throw new ArgumentException("Url must not carry user or password: give a password file.");
        }

        if (PasswordFile is not null && Password is not null)
        {
            throw new ArgumentException("Give either PasswordFile or Password, not both.");
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxAnswerBytes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxConnections);
        ArgumentOutOfRangeException.ThrowIfLessThan(IdleTimeout, TimeSpan.Zero);
        if (Timeout <= TimeSpan.Zero && Timeout != System.Threading.Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentException("Timeout must be positive or infinite.");
        }
    }
}
