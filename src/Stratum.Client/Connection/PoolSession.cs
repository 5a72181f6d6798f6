using System.Buffers;
using System.Text;
using Stratum.Protocol;

namespace Stratum.Client;

/// <summary>One connection: its reader, its writer, its calls, its work. It ends once, for one reason.</summary>
internal sealed class PoolSession
{
    private const int MaxMalformedLines = 10;

    private readonly StratumClient _client;
    private readonly StratumClientOptions _options;
    private readonly Stream _stream;
    private readonly Outbox _outbox;
    private readonly PendingCalls _calls = new();
    private readonly SemaphoreSlim _turns;
    private readonly CancellationTokenSource _silence;
    private readonly CancellationTokenSource _closed = new();
    private LineReader _lines;
    private int _malformed;
    private Exception? _reason;

    public PoolSession(StratumClient client, StratumUrl url, Stream stream)
    {
        _client = client;
        _options = client.Options;
        _stream = stream;
        Url = url;
        OpenedAt = _options.TimeProvider.GetTimestamp();
        _outbox = new Outbox(stream, _options.MaxSendBuffer, Close);
        _turns = new SemaphoreSlim(_options.MaxPendingCalls, _options.MaxPendingCalls);
        _silence = new CancellationTokenSource(_options.SilenceTimeout, _options.TimeProvider);
        _lines = new LineReader(_options.MaxLineLength);
        Ended = Task.Run(ReadAsync);
    }

    public StratumUrl Url { get; }

    public long OpenedAt { get; }

    public WorkState Work { get; } = new();

    /// <summary>Ends with the connection; the value is the reason.</summary>
    public Task<Exception> Ended { get; }

    /// <summary>Where the pool wants us, if that is why it ended.</summary>
    public Reconnect? Redirect { get; private set; }

    public void Close(Exception reason)
    {
        // The first reason is the reason; the rest follows from it.
        if (Interlocked.CompareExchange(ref _reason, reason, null) is null)
            _ = _closed.CancelAsync(); // not here: this may be under a lock
    }

    public void FollowRedirect(Reconnect reconnect)
    {
        Redirect = reconnect;
        Close(new IOException($"{Url} sent us elsewhere (client.reconnect)"));
    }

    /// <summary>Writes lines; ends when they are with the operating system.</summary>
    public Task SendAsync(Action<IBufferWriter<byte>> write)
    {
        if (_reason is { } reason)
            throw new IOException(reason.Message, reason);
        return _outbox.AddAsync(write, _client.SeesSentLines ? _client.OnSent : null);
    }

    /// <summary>
    /// Writes lines that nobody waits for, from the reading thread; a lost connection is found there.
    /// </summary>
    public void Post(Action<IBufferWriter<byte>> write)
    {
        try
        {
            _ = SendAsync(write);
        }
        catch (IOException)
        {
        }
    }

    public async Task<T> CallAsync<T>(
        string method,
        Action<IBufferWriter<byte>, long> write,
        AnswerReader<T> read,
        TimeSpan timeout,
        CancellationToken cancellationToken)
    {
        if (!await _turns.WaitAsync(timeout, cancellationToken).ConfigureAwait(false))
            throw new TimeoutException($"{_options.MaxPendingCalls} calls wait for {Url}; {method} got no turn");
        var call = new PendingCall<T>(read);
        long id = _client.NextId();
        try
        {
            _calls.Add(id, call);
            _ = SendAsync(writer => write(writer, id));
            return await call.Task.WaitAsync(timeout, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{Url} did not answer {method} within {timeout.TotalSeconds:0.###} s");
        }
        finally
        {
            _calls.Remove(id);
            _turns.Release();
        }
    }

    private async Task<Exception> ReadAsync()
    {
        byte[] buffer = new byte[16 * 1024]; // a job in one read
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_silence.Token, _closed.Token);
        try
        {
            while (_reason is null)
            {
                int read = await _stream.ReadAsync(buffer, stop.Token).ConfigureAwait(false);
                if (read == 0)
                    Close(new IOException($"{Url} closed the connection"));
                else
                    Take(buffer.AsSpan(0, read));
            }
        }
        catch (OperationCanceledException) when (_reason is null)
        {
            Close(new IOException($"{Url} said nothing for {_options.SilenceTimeout.TotalSeconds:0.###} s"));
        }
        catch (OperationCanceledException)
        {
        }
        catch (IOException error)
        {
            Close(new IOException($"The connection to {Url} broke: {error.Message}", error));
        }
        catch (Exception error)
        {
            Close(error);
        }

        await EndAsync().ConfigureAwait(false);
        return _reason!;
    }

    private void Take(ReadOnlySpan<byte> input)
    {
        while (_reason is null)
        {
            switch (_lines.TryReadLine(ref input, out var line))
            {
                case LineStatus.NeedMore:
                    return;
                case LineStatus.TooLong:
                    Close(new StratumProtocolException(
                        $"{Url} sent a line longer than {_options.MaxLineLength} bytes; is it a Stratum port?"));
                    return;
                default:
                    _silence.CancelAfter(_options.SilenceTimeout);
                    TakeLine(line);
                    break;
            }
        }
    }

    private void TakeLine(ReadOnlySpan<byte> line)
    {
        _client.OnReceived(line);
        if (!Message.TryParse(line, out var message, out string? error))
        {
            _client.OnProtocolError(error, line);
            if (++_malformed >= MaxMalformedLines)
                Close(new StratumProtocolException($"{Url} sent {MaxMalformedLines} lines that are not Stratum; the last: {error}"));
        }
        else if (message.IsRequest)
        {
            if (_client.TakeRequest(this, message) is { } refusal)
                _client.OnProtocolError(refusal, line);
        }
        else if (_calls.Take(message.Id) is not { } call)
        {
            _client.OnProtocolError("An answer to nothing that was asked, or too late", line);
        }
        else if (call.Answer(message) is { } unreadable)
        {
            _client.OnProtocolError(unreadable.Message, line);
        }
    }

    private async Task EndAsync()
    {
        _calls.FailAll(_reason!);
        try
        {
            await _stream.DisposeAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            // A farewell (TLS sends one) to somebody who is gone.
        }

        _lines.Dispose();
        _silence.Dispose();
    }
}
