using System.Net.Sockets;

namespace Stratum.Rpc;

/// <summary>The words for everything that can go wrong between us and a JSON-RPC server over TCP.</summary>
internal sealed class TcpFailures(RpcClientOptions options)
{
    private readonly string _place = $"{options.Url.Host}:{options.Port}";

    public RpcTransportException NoPassword(string problem) => new(
        RpcTransportFailure.Unauthorized, $"{_place} was not called: {problem}.");

    public RpcTransportException Timeout(string method, TimeSpan timeout) => new(
        RpcTransportFailure.Timeout,
        $"{_place} gave no answer to {method} within {timeout.TotalSeconds:0.###} s: is it busy, or is this another"
            + " program's port?");

    public RpcTransportException TooLarge(string method) => new(
        RpcTransportFailure.TooLarge,
        $"{_place} answered {method} with more than {options.MaxAnswerBytes} bytes: raise MaxAnswerBytes if that is"
            + " what you asked for.");

    public RpcTransportException NotJsonRpc(string method, string why) => new(
        RpcTransportFailure.NotJsonRpc,
        $"{_place} answered {method} with something that {why}: is this an RPC server's port, and does it speak TCP"
            + " (mode tcp or both)?");

    public RpcTransportException Lost(string method, Exception? e = null) => new(
        RpcTransportFailure.ConnectionLost,
        $"{_place} closed the connection before its answer to {method} was complete: was it stopped, or does it have"
            + " too many connections?",
        null,
        e);

    public RpcTransportException Unreachable(SocketException e) => new(
        RpcTransportFailure.Unreachable,
        e.SocketErrorCode switch
        {
            SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain =>
                $"There is no host {options.Url.Host}: check the URL.",
            SocketError.ConnectionRefused =>
                $"{_place} refused the connection: is the RPC server running, and is this its port (--rpc-port)?",
            _ => $"{_place} cannot be reached ({e.SocketErrorCode}): check the URL and the network.",
        },
        null,
        e);
}
