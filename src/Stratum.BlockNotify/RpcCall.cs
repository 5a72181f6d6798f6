using System.Net;
using System.Net.Sockets;

namespace Stratum.BlockNotify;

/// <summary>One request over TCP and its answer, within a deadline.</summary>
internal sealed class RpcCall
{
    private const int MaxAnswer = 64 * 1024;

    private readonly NotifyOptions _options;
    private readonly long _end;
    private volatile string _doing = "while looking for its address";
    private string? _failure;

    private RpcCall(NotifyOptions options)
    {
        _options = options;
        _end = Environment.TickCount64 + options.Timeout;
    }

    private string Server => $"{_options.Host}:{_options.Port}";

    /// <summary>Null when the server has taken it, else why it has not.</summary>
    public static string? Run(NotifyOptions options)
    {
        var call = new RpcCall(options);
        // A name, a connection and an answer may each take for ever, and not all of it can be called off. When the time
        // is up the thread is left where it is: the process ends.
        var thread = new Thread(call.Exchange) { IsBackground = true };
        thread.Start();
        return thread.Join(options.Timeout) ? call._failure : call.TimeIsUp();
    }

    private string TimeIsUp() =>
        $"{Server} gave no answer within {_options.Timeout} ms; the time was up {_doing}."
        + " Is it the pool's RPC port, and can it be reached from here? --timeout gives it longer.";

    private void Exchange()
    {
        try
        {
            // Not closed: that takes longer than the call, and the system does it when the process ends, which is now.
            var socket = Connect();
            _doing = "while sending";
            socket.Send(RpcRequest.Write(_options));
            _doing = "while waiting for the answer";
            _failure = ReadAnswer(socket);
        }
        catch (SocketException error)
        {
            _failure = error.SocketErrorCode == SocketError.ConnectionRefused
                ? $"Nobody listens on {Server}. Does the pool run, with --rpc-port {_options.Port}?"
                : $"{Server}: {error.Message} ({_doing}). Are --host and --port right?";
        }
        catch (ArgumentException)
        {
            _failure = "--host is no name of a machine.";
        }
    }

    private Socket Connect()
    {
        var addresses = FindAddresses();
        _doing = "while connecting";
        SocketException? first = null;
        for (var i = 0; i < addresses.Length; i++)
            try
            {
                var socket = new Socket(addresses[i].AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                // On Linux it bounds connecting too: an address that is silent leaves time for the next.
                if (i < addresses.Length - 1)
                    socket.SendTimeout = (int)Math.Max(1, (_end - Environment.TickCount64) / (addresses.Length - i));
                socket.Connect(new IPEndPoint(addresses[i], _options.Port));
                return socket;
            }
            catch (SocketException error)
            {
                // Of a machine without IPv6 the second would say only that.
                first ??= error;
            }
        throw first ?? new SocketException((int)SocketError.HostNotFound);
    }

    // localhost is known without asking anybody, and the pool may listen on either of its addresses.
    private IPAddress[] FindAddresses() =>
        _options.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? [IPAddress.Loopback, IPAddress.IPv6Loopback]
        : IPAddress.TryParse(_options.Host, out var address) ? [address]
        : AskForAddresses();

    // Apart, or every start would load the library that does it.
    private IPAddress[] AskForAddresses() => Dns.GetHostAddresses(_options.Host);

    private string? ReadAnswer(Socket socket)
    {
        var bytes = new byte[MaxAnswer];
        for (var length = 0; length < bytes.Length;)
        {
            var count = socket.Receive(bytes, length, bytes.Length - length, SocketFlags.None);
            length += count;
            if (RpcAnswer.TryRead(bytes.AsSpan(0, length), isAll: count == 0, out var failure))
                return failure is null ? null : $"{Server} {failure}";
        }
        return $"{Server} answered with more than {MaxAnswer / 1024} KiB. Is it the pool's RPC port?";
    }
}
