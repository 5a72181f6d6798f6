using System.Text;
using Microsoft.Extensions.Logging;
using Stratum.Protocol;

namespace Stratum.Client;

public sealed partial class StratumClient
{
    /// <summary>A connection is ready.</summary>
    public event AsyncEventHandler<ClientConnected>? Connected;

    /// <summary>A connection ended.</summary>
    public event AsyncEventHandler<ClientDisconnected>? Disconnected;

    /// <summary>A connection will be tried.</summary>
    public event AsyncEventHandler<ClientReconnecting>? Reconnecting;

    /// <summary>A line came, as it is. Raised where the bytes arrived: be quick.</summary>
    public event EventHandler<string>? LineReceived;

    /// <summary>
    /// A line goes out, as it is: <b>passwords included</b>. Raised under the writer's lock: be quick.
    /// </summary>
    public event EventHandler<string>? LineSent;

    /// <summary>The pool sent something that it should not have. Raised where the bytes arrived: be quick.</summary>
    public event EventHandler<ClientProtocolError>? ProtocolError;

    /// <summary>The pool sent a notification that nobody handles. Raised where the bytes arrived: be quick.</summary>
    public event EventHandler<PoolNotification>? UnknownNotification;

    /// <summary>The pool has a message for the miner's owner (<c>client.show_message</c>).</summary>
    public event EventHandler<string>? MessageShown;

    internal bool SeesSentLines => LineSent is not null || _log.IsWireOn;

    internal void OnSent(ReadOnlySpan<byte> written)
    {
        _log.Sent(written);
        if (LineSent is null)
            return;
        string text = Encoding.UTF8.GetString(written);
        foreach (var line in text.AsSpan().TrimEnd('\n').EnumerateLines())
            Raise(LineSent, line.ToString());
    }

    internal void OnReceived(ReadOnlySpan<byte> line)
    {
        _log.Received(line);
        if (LineReceived is not null)
            Raise(LineReceived, Encoding.UTF8.GetString(line));
    }

    internal void OnProtocolError(string text, ReadOnlySpan<byte> line)
    {
        _log.ProtocolError(Url, text);
        if (ProtocolError is not null)
            Raise(ProtocolError, new ClientProtocolError(text, Encoding.UTF8.GetString(line)));
    }

    private void Raise<T>(EventHandler<T>? handlers, in T value)
    {
        try
        {
            handlers?.Invoke(this, value);
        }
        catch (Exception failure)
        {
            _log.HandlerFailed(failure);
        }
    }

    // One after the other; an exception of one does not keep the next from hearing of it.
    private async ValueTask RaiseAsync<T>(AsyncEventHandler<T>? handlers, T value)
    {
        foreach (var handler in Delegate.EnumerateInvocationList(handlers))
        {
            try
            {
                await handler(this, value).ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                _log.HandlerFailed(failure);
            }
        }
    }
}
