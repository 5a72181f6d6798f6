using System.Buffers;
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Text.Json;
using Stratum.Protocol;

namespace Stratum.Server;

public sealed partial class StratumSession
{
    // Nobody needs more at a time, and a miner that never answers must not collect them.
    private const int MaxCalls = 16;

    private ConcurrentDictionary<long, TaskCompletionSource<JsonElement>>? _calls;
    private long _lastCall;

    /// <summary>
    /// Asks the miner something and gives its result. Only after a worker was authorized: before, miners take every
    /// line that they do not expect for a refused login.
    /// </summary>
    /// <param name="method">The method.</param>
    /// <param name="parameters">Its parameters as a JSON array.</param>
    /// <param name="cancellationToken">Gives up; many miners never answer.</param>
    /// <exception cref="StratumRemoteException">The miner said no.</exception>
    /// <exception cref="InvalidOperationException">No worker is authorized, or too many answers are
    /// awaited.</exception>
    /// <exception cref="OperationCanceledException">Given up, or the session ended.</exception>
    public async Task<JsonElement> CallAsync(
        string method, string parameters = "[]", CancellationToken cancellationToken = default)
    {
        var (name, json) = StratumServer.CheckNotification(method, parameters);
        if (!IsAuthorized)
            throw new InvalidOperationException($"{this}: a miner can be asked when a worker is authorized.");
        var calls = LazyInitializer.EnsureInitialized(ref _calls, static () => new ConcurrentDictionary<long, TaskCompletionSource<JsonElement>>());
        if (calls.Count >= MaxCalls)
            throw new InvalidOperationException($"{this}: {MaxCalls} answers are awaited already.");
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Closed);
        var id = Interlocked.Increment(ref _lastCall);
        var answer = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        calls[id] = answer;
        try
        {
            var line = new ArrayBufferWriter<byte>(128);
            MessageWriter.WriteRequest(line, id, name, json);
            Outbound.Line(line.WrittenSpan);
            _transport?.Wake();
            return await answer.Task.WaitAsync(ended.Token).ConfigureAwait(false);
        }
        finally
        {
            calls.TryRemove(id, out _);
        }
    }

    /// <summary>What the miner says of itself (<c>client.get_version</c>); null when its answer is no text.</summary>
    /// <inheritdoc cref="CallAsync" path="/exception"/>
    public async Task<string?> GetVersionAsync(CancellationToken cancellationToken = default)
    {
        var version = await CallAsync("client.get_version", "[]", cancellationToken).ConfigureAwait(false);
        return version.ValueKind == JsonValueKind.String ? version.GetString() : null;
    }

    private void CompleteCall(scoped in Message message)
    {
        // Our ids are numbers; some firmware gives them back as text.
        var id = message.Id.Trim((byte)'"');
        if (Volatile.Read(ref _calls) is not { IsEmpty: false } calls || !Utf8Parser.TryParse(id, out long number, out var read) || read != id.Length
            || !calls.TryRemove(number, out var answer))
            return;
        if (RemoteError.TryRead(message, out var error))
        {
            answer.TrySetException(new StratumRemoteException(error.Code, error.Text));
            return;
        }
        using var result = JsonDocument.Parse(message.Result.IsEmpty ? "null"u8.ToArray() : message.Result.ToArray());
        answer.TrySetResult(result.RootElement.Clone());
    }
}
