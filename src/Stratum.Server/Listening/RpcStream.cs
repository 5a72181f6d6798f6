using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Stratum.Rpc;

namespace Stratum.Server;

/// <summary>One TCP connection of bare JSON: messages in, answers out in their order.</summary>
internal sealed class RpcStream(RpcListener listener, Socket socket, IPEndPoint remote)
{
    private const int ReadSize = 8 * 1024;

    private readonly RpcServerLimits _limits = listener.Options.Limits;
    private readonly MessageFramer _framer = new(listener.Options.Limits.MaxMessageBytes);
    private readonly RpcPeer _peer = new(RpcTransport.Tcp, remote);
    private long _messageSince;
    private int _held;

    public async Task RunAsync()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ReadSize);
        try
        {
            while (await ReceiveAsync(buffer).ConfigureAwait(false) is { } received
                && await TakeAsync(buffer.AsMemory(0, received)).ConfigureAwait(false))
            {
            }
        }
        finally
        {
            listener.Memory.TryHold(ref _held, 0);
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    /// <summary>An answer that is the connection's last.</summary>
    public async Task RefuseAsync(int code, string text)
    {
        await SendAsync(listener.Dispatcher.Refuse(code, text)).ConfigureAwait(false);
        using var deadline = new Deadline(_limits.FirstBytesTimeout, listener.Options.TimeProvider, listener.Stopping);
        await Sockets.LingerAsync(socket, deadline.Token).ConfigureAwait(false);
        listener.Log.RpcClosed(remote, text);
    }

    // Null: the connection is over.
    private async ValueTask<int?> ReceiveAsync(byte[] buffer)
    {
        var isInside = _framer.PendingBytes > 0;
        var left = isInside
            ? _limits.MessageTimeout - listener.Options.TimeProvider.GetElapsedTime(_messageSince)
            : _limits.IdleTimeout;
        try
        {
            using var deadline = new Deadline(left > TimeSpan.Zero ? left : TimeSpan.Zero, listener.Options.TimeProvider, listener.Stopping);
            var received = await socket.ReceiveAsync(buffer.AsMemory(0, ReadSize), SocketFlags.None, deadline.Token).ConfigureAwait(false);
            if (received > 0)
                return received;
            if (isInside)
                await SendAsync(listener.Dispatcher.Refuse(RpcErrors.ParseError, "Parse error: the connection ended inside a message")).ConfigureAwait(false);
            return null;
        }
        catch (OperationCanceledException) when (!listener.Stopping.IsCancellationRequested)
        {
            if (isInside)
                await RefuseAsync(RpcErrors.ParseError, $"Parse error: the message was not complete within {_limits.MessageTimeout.TotalSeconds:0.###} s").ConfigureAwait(false);
            else
                listener.Log.RpcClosed(remote, "idle");
            return null;
        }
    }

    private async ValueTask<bool> TakeAsync(ReadOnlyMemory<byte> input)
    {
        while (true)
        {
            var wasInside = _framer.PendingBytes > 0;
            var status = _framer.Read(ref input, out var message);
            switch (status)
            {
                case FrameStatus.NeedMore:
                    if (!wasInside)
                        _messageSince = listener.Options.TimeProvider.GetTimestamp();
                    if (listener.Memory.TryHold(ref _held, _framer.PendingBytes))
                        return true;
                    await RefuseAsync(RpcErrors.ServerBusy, "Too many unfinished messages are held; try again").ConfigureAwait(false);
                    return false;
                case FrameStatus.Message:
                    var reply = await listener.Dispatcher.DispatchAsync(message, _peer, listener.Cut).ConfigureAwait(false);
                    if (reply.IsParseError)
                    {
                        // Where the next message begins nobody knows.
                        await RefuseAsync(RpcErrors.ParseError, reply.Error!.Message).ConfigureAwait(false);
                        return false;
                    }
                    await SendAsync(reply).ConfigureAwait(false);
                    break;
                case FrameStatus.Garbage:
                    await RefuseAsync(RpcErrors.ParseError, "Parse error: a message is a JSON object or an array of them, and begins with { or [").ConfigureAwait(false);
                    return false;
                default:
                    await RefuseAsync(RpcErrors.InvalidRequest, $"Invalid Request: a message is longer than {_limits.MaxMessageBytes} bytes").ConfigureAwait(false);
                    return false;
            }
        }
    }

    private async ValueTask SendAsync(RpcReply reply)
    {
        using var deadline = new Deadline(_limits.WriteTimeout, listener.Options.TimeProvider, listener.Cut);
        var rest = reply.Bytes;
        while (!rest.IsEmpty)
            rest = rest[await socket.SendAsync(rest, SocketFlags.None, deadline.Token).ConfigureAwait(false)..];
    }}
