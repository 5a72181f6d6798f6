using System.Net.Sockets;

namespace Stratum.Rpc;

/// <summary>The words for everything that can go wrong between us and a JSON-RPC server over HTTP.</summary>
internal sealed class HttpFailures(Uri url, Credentials credentials)
{
    private readonly string _place = $"{url.Host}:{url.Port}";

    public RpcTransportException Unauthorized() => new(
        RpcTransportFailure.Unauthorized, $"{_place} refused us (HTTP 401): {credentials.Advice}.", 401);

    public RpcTransportException Forbidden() => new(
        RpcTransportFailure.Forbidden,
        $"{_place} does not talk to our address (HTTP 403): allow it with -rpcallowip in the daemon's configuration.",
        403);

    public RpcTransportException Busy(int status) => new(
        RpcTransportFailure.Busy,
        $"{_place} takes no calls at the moment (HTTP {status}): it is stopping, or has too many waiting"
            + " (raise -rpcworkqueue and -rpcthreads).",
        status);

    public RpcTransportException Timeout(string method, TimeSpan timeout) => new(
        RpcTransportFailure.Timeout,
        $"{_place} gave no answer to {method} within {timeout.TotalSeconds:0.###} s: "
            + "is it overloaded, or is something else on that port?");

    public RpcTransportException TooLarge(string method, int status, int maxBytes) => new(
        RpcTransportFailure.TooLarge,
        $"{_place} answered {method} with more than {maxBytes} bytes (HTTP {status}): raise MaxAnswerBytes if that is"
            + " what you asked for.",
        status);

    public RpcTransportException NotJsonRpc(
        string method, int status, string? mediaType, int length, string why) => new(
        RpcTransportFailure.NotJsonRpc,
        $"{_place} answered {method} with HTTP {status} and {length} bytes of {mediaType ?? "no type"}"
            + $", which {why}: is this the -rpcport of a coin daemon?",
        status);

    public RpcTransportException Lost(string method, int? status, Exception e) => new(
        RpcTransportFailure.ConnectionLost,
        $"{_place} closed the connection before its answer to {method} was complete"
            + (status is null ? "" : $" (HTTP {status})")
            + ": was it stopped, or is this not its -rpcport?",
        status,
        e);

    public RpcTransportException Of(HttpRequestException e, string method)
    {
        string? words = e.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => $"there is no host {url.Host}: check the daemon's URL",
            HttpRequestError.SecureConnectionError =>
                $"{_place} does not agree on TLS: coin daemons speak plain http unless a proxy stands before them",
            HttpRequestError.ConnectionError => e.InnerException is SocketException { SocketErrorCode: var code }
                ? Refused(code)
                : $"{_place} cannot be reached: is the daemon running, and is this its -rpcport?",
            _ => null,
        };
        if (words is not null)
        {
            return new RpcTransportException(RpcTransportFailure.Unreachable, words + ".", null, e);
        }

        return e.HttpRequestError == HttpRequestError.InvalidResponse
            ? new RpcTransportException(
                RpcTransportFailure.NotJsonRpc,
                $"{_place} does not speak HTTP: is this the -rpcport of a coin daemon (and not its p2p port)?",
                null,
                e)
            : Lost(method, null, e);
    }

    private string Refused(SocketError code) => code switch
    {
        SocketError.ConnectionRefused =>
            $"{_place} refused the connection: is the daemon running, and is this its -rpcport?",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable =>
            $"{_place} cannot be reached ({code}): check the daemon's URL and the network",
        SocketError.TimedOut =>
            $"{_place} does not answer: check the daemon's URL, -rpcbind and firewalls",
        _ => $"{_place} cannot be reached ({code}): is the daemon running, and is this its -rpcport?",
    };
}
