using Microsoft.Extensions.Logging;

namespace Stratum.Rpc;

/// <summary>
/// Where a JSON-RPC server is and how it knows us. Give a cookie file, or a user with a password file (or password),
/// or neither for a server that asks nobody.
/// </summary>
public sealed record JsonRpcHttpClientOptions
{
    /// <summary>The server, <c>http://host:port/</c>; a path selects a wallet (<c>/wallet/name</c>).</summary>
    /// <value>No default. User and password do not belong into it: a URL ends up in lists and logs.</value>
    public required Uri Url { get; init; }

    /// <summary>File of one line <c>user:password</c> that the daemon writes anew at each of its starts.</summary>
    /// <value>None. It is read at the first call and again when the server answers 401.</value>
    public string? CookieFile { get; init; }

    /// <summary>User name, where there is no cookie (<c>rpcuser</c>, <c>rpcauth</c>).</summary>
    /// <value>None.</value>
    public string? User { get; init; }

    /// <summary>File whose first line is the password of <see cref="User"/>.</summary>
    /// <value>None. It is read like <see cref="CookieFile"/>.</value>
    public string? PasswordFile { get; init; }

    /// <summary>The password itself, for programs that already hold it; it is never printed.</summary>
    /// <value>None.</value>
    public string? Password { get; init; }

    /// <summary>How long a call may take, connecting and reading included.</summary>
    /// <value>30 s: the time after which coin daemons themselves drop a silent connection (-rpcservertimeout).</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Largest answer that is read, in bytes.</summary>
    /// <value>64 MiB: a full template is 9 MB of hex, a block with every transaction decoded about 30 MB.</value>
    public int MaxAnswerBytes { get; init; } = 64 << 20;

    /// <summary>Most calls of one batch.</summary>
    /// <value>1,000: what a coin daemon answers in a second or so, and it does nothing else on that thread
    /// meanwhile.</value>
    public int MaxBatchCalls { get; init; } = 1000;

    /// <summary>Connections open at once; further calls wait for one.</summary>
    /// <value>8: a coin daemon works on 4 calls at a time (-rpcthreads) and refuses above 16 (-rpcworkqueue).</value>
    public int MaxConnections { get; init; } = 8;

    /// <summary>How long a connection without a call is kept; zero gives each call a new one.</summary>
    /// <value>10 s. The daemon drops it after 30 s (-rpcservertimeout), and leaving first avoids meeting it halfway;
    /// until then it also delays the end of a daemon that is told to stop (seen with litecoind 0.21).</value>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The clock of the timeouts.</summary>
    /// <value>The system's.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Logs calls at Debug, without parameters and answers (wallets pass secrets in them).</summary>
    /// <value>None.</value>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>The URL and the way to authenticate, without secrets.</summary>
    public override string ToString()
    {
        // HttpRequestUrl leaves out a user:password that the constructor of the client is yet to refuse.
        string url = Url.IsAbsoluteUri ? Url.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped) : "?";
        return this switch
        {
            { CookieFile: { } file } => $"{url}, cookie file {file}",
            { User: { } user, PasswordFile: { } file } => $"{url}, user {user}, password file {file}",
            { User: { } user } => $"{url}, user {user}",
            _ => $"{url}, no credentials",
        };
    }

    internal void Validate()
    {
        if (!Url.IsAbsoluteUri || Url.Scheme is not ("http" or "https"))
        {
            throw new ArgumentException("Url must be http://host:port/ or https://host:port/.");
        }

        if (Url.UserInfo.Length > 0)
        {
            throw new ArgumentException(
                "Url must not carry user or password: give a cookie file, or User and PasswordFile.");
        }

        if (CookieFile is not null && (User ?? PasswordFile ?? Password) is not null)
        {
            throw new ArgumentException("Give either CookieFile, or User with PasswordFile (or Password), not both.");
        }

        if (PasswordFile is not null && Password is not null)
        {
            throw new ArgumentException("Give either PasswordFile or Password, not both.");
        }

        if ((User is null) != ((PasswordFile ?? Password) is null))
        {
            throw new ArgumentException("User and PasswordFile (or Password) are given together.");
        }

        if (User?.Contains(':') == true)
        {
            throw new ArgumentException("User must not contain a colon: HTTP Basic authentication ends the name there.");
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxAnswerBytes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxBatchCalls);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxConnections);
        ArgumentOutOfRangeException.ThrowIfLessThan(IdleTimeout, TimeSpan.Zero);
        if (Timeout <= TimeSpan.Zero && Timeout != System.Threading.Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentException("Timeout must be positive or infinite.");
        }
    }
}
