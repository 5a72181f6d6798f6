namespace Stratum.Rpc;

/// <summary>Makes the client that a URL asks for.</summary>
public static class RpcClient
{
    // The server looks at the password only; and Basic carries every one, where Bearer is for ASCII.
    private const string User = "stratum";

    /// <summary>Whether a URL is one of a JSON-RPC server: <c>rpc://</c>, <c>http://</c> or <c>https://</c>.</summary>
    public static bool IsRpcUrl(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return url.IsAbsoluteUri && url.Scheme is RpcClientOptions.TcpScheme or "http" or "https";
    }

    /// <summary>
    /// A <see cref="JsonRpcTcpClient"/> for <c>rpc://host:port</c>, which sends the password as parameter; a
    /// <see cref="JsonRpcHttpClient"/> for <c>http://</c> and <c>https://</c>, which sends it as Basic. Opens nothing yet.
    /// </summary>
    /// <exception cref="ArgumentException">The options are wrong.</exception>
    public static IRpcClient Create(RpcClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Url.IsAbsoluteUri && options.Url.Scheme is "http" or "https"
            ? new JsonRpcHttpClient(new JsonRpcHttpClientOptions
            {
                Url = options.Url,
                User = (options.Password ?? options.PasswordFile) is null ? null : User,
                Password = options.Password,
                PasswordFile = options.PasswordFile,
                Timeout = options.Timeout,
                MaxAnswerBytes = options.MaxAnswerBytes,
                MaxConnections = options.MaxConnections,
                IdleTimeout = options.IdleTimeout,
                TimeProvider = options.TimeProvider,
                LoggerFactory = options.LoggerFactory,
            })
            : new JsonRpcTcpClient(options);
    }
}
