using System.Diagnostics;
using System.Security.Authentication;
using Stratum.Server;

namespace Stratum.Simulation;

/// <summary>A connection over a stream: one task reads, one writes what has gathered meanwhile.</summary>
internal sealed class StreamLink(LoadEngine engine, LoadPeer peer, Func<CancellationToken, Task<Stream>> open) : ILoadLink
{
    private const int BufferSize = 8 * 1024;

    private readonly CancellationTokenSource _stop = new();
    private readonly LoopOutput _output = new();
    private LoopOutput _gathered = new();
    private LoopOutput _writing = new();
    private Stream? _stream;
    private Task _writer = Task.CompletedTask;
    private bool _isWriting;
    private bool _isClosed;

    public void Send(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || _isClosed)
        {
            return;
        }

        if (_gathered.Written.Length + bytes.Length > ILoadLink.MostUnsent)
        {
            engine.Lost(peer, ILoadLink.DoesNotRead);
            Close();
            return;
        }

        bytes.CopyTo(_gathered.GetSpan(bytes.Length));
        _gathered.Advance(bytes.Length);
        if (!_isWriting && _stream is { } stream)
        {
            _isWriting = true;
            _writer = WriteAsync(stream);
        }
    }

    public void Close()
    {
        _isClosed = true;
        _ = _stop.CancelAsync();
    }

    /// <summary>To the end of the connection; never throws.</summary>
    public async Task RunAsync()
    {
        string? lost;
        try
        {
            using Stream stream = await open(_stop.Token).ConfigureAwait(false);
            lost = await ServeAsync(stream).ConfigureAwait(false);
            await _stop.CancelAsync().ConfigureAwait(false);
            await _writer.ConfigureAwait(false);
        }
        catch (Exception error)
        {
            lost = error is IOException or OperationCanceledException or AuthenticationException or ObjectDisposedException
                ? error.Message : $"The load generator made a mistake: {error}";
        }

        lock (engine.Gate)
        {
            if (!_isClosed && lost is not null)
            {
                engine.Lost(peer, lost.TrimEnd('.'));
            }

            _isClosed = true;
        }
    }

    // Why it ended; null when the engine ended it.
    private async Task<string?> ServeAsync(Stream stream)
    {
        lock (engine.Gate)
        {
            _stream = stream;
            engine.Connected(peer, _output);
            Send(_output.Written);
        }

        byte[] buffer = new byte[BufferSize];
        while (true)
        {
            int count = await stream.ReadAsync(buffer, _stop.Token).ConfigureAwait(false);
            if (count == 0)
            {
                return "The server closed the connection";
            }

            long now = Stopwatch.GetTimestamp();
            lock (engine.Gate)
            {
                _output.Clear();
                if (_isClosed || !engine.Received(peer, buffer.AsSpan(0, count), now, _output))
                {
                    return null;
                }

                Send(_output.Written);
            }
        }
    }

    private async Task WriteAsync(Stream stream)
    {
        // Not under the caller's lock.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (true)
        {
            lock (engine.Gate)
            {
                if (_gathered.Written.IsEmpty || _isClosed)
                {
                    _isWriting = false;
                    return;
                }

                (_gathered, _writing) = (_writing, _gathered);
                _gathered.Clear();
            }

            try
            {
                await stream.WriteAsync(_writing.WrittenMemory, _stop.Token).ConfigureAwait(false);
            }
            catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException)
            {
                // The reader tells of it.
                return;
            }
        }
    }
}
