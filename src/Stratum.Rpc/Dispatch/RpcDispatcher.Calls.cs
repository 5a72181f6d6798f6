using System.Buffers;
using System.Text;
using System.Text.Json;
using Stratum.Protocol;

namespace Stratum.Rpc;

public sealed partial class RpcDispatcher
{
    /// <summary>Answers one message: a call, or a batch of them in their order.</summary>
    /// <param name="message">UTF-8; not looked at any more when the task has ended.</param>
    /// <param name="peer">Who sent it.</param>
    /// <param name="cancelled">Nobody waits for the answer any more.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async ValueTask<RpcReply> DispatchAsync(
        ReadOnlyMemory<byte> message, RpcPeer peer, CancellationToken cancelled = default)
    {
        ArgumentNullException.ThrowIfNull(peer);
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(message, new JsonDocumentOptions { MaxDepth = MaxDepth });
        }
        catch (JsonException)
        {
            return Refuse(RpcErrors.ParseError, $"Parse error: not JSON, or nested deeper than {MaxDepth}");
        }

        using (document)
        {
            JsonElement root = document.RootElement;
            if (!JsonTexts.AreValid(message.Span, root))
            {
                return Refuse(RpcErrors.ParseError, "Parse error: a string that is no text");
            }

            return root.ValueKind switch
            {
                JsonValueKind.Object => WithLineFeed(await AnswerAsync(root, peer, cancelled).ConfigureAwait(false)),
                JsonValueKind.Array => await AnswerBatchAsync(root, peer, cancelled).ConfigureAwait(false),
                _ => Refuse(RpcErrors.ParseError, "Parse error: a message is an object, or an array of them"),
            };
        }
    }

    /// <summary>The answer to a message that its carrier could not take.</summary>
    /// <param name="code">Why not.</param>
    /// <param name="text">Why not, in words.</param>
    public RpcReply Refuse(int code, string text) => Refuse(new RpcException(code, text));

    /// <summary>The answer to a message that its carrier could not take.</summary>
    public RpcReply Refuse(RpcException error) => WithLineFeed(Reply(default, default, error));

    private async ValueTask<RpcReply> AnswerBatchAsync(JsonElement batch, RpcPeer peer, CancellationToken cancelled)
    {
        int count = batch.GetArrayLength();
        if (count == 0)
        {
            return Refuse(RpcErrors.InvalidRequest, "Invalid Request: an empty batch");
        }

        if (count > _options.MaxBatch)
        {
            return Refuse(RpcErrors.InvalidRequest,
                $"Invalid Request: a batch of {count} calls; send at most {_options.MaxBatch} at once");
        }

        var answers = new ArrayBufferWriter<byte>();
        foreach (JsonElement one in batch.EnumerateArray())
        {
            RpcReply reply = answers.WrittenCount <= _options.MaxBatchAnswer
                ? await AnswerAsync(one, peer, cancelled).ConfigureAwait(false)
                : TooMuch(one);
            if (!reply.Bytes.IsEmpty)
            {
                answers.Write(answers.WrittenCount == 0 ? "["u8 : ","u8);
                answers.Write(reply.Bytes.Span);
            }
        }

        if (answers.WrittenCount == 0)
        {
            return default;
        }

        answers.Write("]\n"u8);
        return new RpcReply(answers.WrittenMemory);
    }

    private RpcReply TooMuch(JsonElement json)
    {
        RpcRequest.TryRead(json, out RpcRequest request, out _);
        return Reply(request, default, new RpcException(
            RpcErrors.ServerBusy, $"The batch's answers are longer than {_options.MaxBatchAnswer} bytes: ask again"));
    }

    private async ValueTask<RpcReply> AnswerAsync(JsonElement json, RpcPeer peer, CancellationToken cancelled)
    {
        if (!RpcRequest.TryRead(json, out RpcRequest request, out string? wrong))
        {
            return Reply(request, default, new RpcException(RpcErrors.InvalidRequest, wrong));
        }

        bool isNotification = !request.HasId && (request.IsVersion2 || !_options.AnswersCallsWithoutId);
        long started = _options.TimeProvider.GetTimestamp();
        ReadOnlyMemory<byte> result = default;
        RpcException? error = null;
        try
        {
            result = await RunAsync(request, isNotification, peer, cancelled).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancelled.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception failure)
        {
            error = ToError(request.Method, failure);
        }

        RpcLog.Called(
            _logger, peer.RemoteEndPoint, NameOf(request.Method), error is null ? "done" : $"error {error.Code}",
            (long)_options.TimeProvider.GetElapsedTime(started).TotalMilliseconds);
        if (isNotification)
        {
            return default;
        }

        try
        {
            return Reply(request, result, error);
        }
        catch (JsonException failure)
        {
            // A handler's own JSON is none.
            return Reply(request, default, ToError(request.Method, failure));
        }
    }

    private async ValueTask<ReadOnlyMemory<byte>> RunAsync(
        RpcRequest request, bool isNotification, RpcPeer peer, CancellationToken cancelled)
    {
        ReadOnlyMemory<byte> parameters = request.Params;
        if (!_passwords.IsOpen && !peer.IsAdmitted)
        {
            if (!PasswordParameter.TryTake(request.Params, out byte[]? password, out parameters))
            {
                throw PasswordGate.Missing();
            }

            await _passwords.CheckAsync(password, peer.RemoteEndPoint?.Address, cancelled).ConfigureAwait(false);
        }

        using var timer = new CancellationTokenSource(_options.CallTimeout, _options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancelled);
        var call = new RpcCall(
            request.Method, new RequestId(request.Id), isNotification, parameters, peer, either.Token);
        RpcFilter? filter = Filter;
        // On the thread pool: one that blocks holds neither the time limit nor the connection.
        Task<ReadOnlyMemory<byte>> task = Task.Run(
            () => (filter is null ? InvokeAsync(call) : filter(call, () => InvokeAsync(call))).AsTask(),
            CancellationToken.None);
        try
        {
            return await task.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            // It was told, and is not waited for.
            _ = WatchAsync(call, task);
            cancelled.ThrowIfCancellationRequested();
            throw new RpcException(
                RpcErrors.ServerBusy, $"No answer within {_options.CallTimeout.TotalSeconds:0.###} s; it may still be done");
        }
    }

    private ValueTask<ReadOnlyMemory<byte>> InvokeAsync(RpcCall call)
    {
        if (!_methods.TryGet(Encoding.UTF8.GetBytes(call.Method), out JsonMethod<RpcCall>? method))
        {
            throw new RpcException(RpcErrors.MethodNotFound, "Method not found");
        }

        return method.TryBind(call, call.Params.Span, out Func<ValueTask<ReadOnlyMemory<byte>>>? run, out string? error)
            ? run()
            : throw new RpcException(RpcErrors.InvalidParams, error);
    }

    private async Task WatchAsync(RpcCall call, Task task)
    {
        try
        {
            await task.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
        }
        catch (Exception failure)
        {
            ToError(call.Method, failure);
        }
    }

    private RpcException ToError(string method, Exception failure)
    {
        switch (failure)
        {
            case RpcException refusal:
                return refusal;
            case StratumException refusal:
                return new RpcException(refusal.Code, refusal.Message, refusal.RawData);
            default:
                RpcLog.HandlerFailed(_logger, NameOf(method), failure);
                return new RpcException(RpcErrors.InternalError, "Internal error");
        }
    }

    // A name that nobody answers is the caller's text: not for a log.
    private string NameOf(string method) =>
        _methods.TryGet(Encoding.UTF8.GetBytes(method), out _) ? method : "an unknown method";

    // What is no call has no version: it is answered as the specification wants it, unless daemons are imitated.
    private RpcReply Reply(RpcRequest request, ReadOnlyMemory<byte> result, RpcException? error)
    {
        bool isVersion2 = request.IsVersion2 || (!request.IsCall && !_options.RefusesInOlderForm);
        return new RpcReply(
            AnswerWriter.Write(isVersion2, request.Id, result.Span, error), error, request.IsVersion2);
    }

    private static RpcReply WithLineFeed(RpcReply reply) =>
        reply.Bytes.IsEmpty ? reply : reply with { Bytes = (byte[])[.. reply.Bytes.Span, (byte)'\n'] };
}
