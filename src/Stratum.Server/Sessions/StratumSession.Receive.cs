using System.Text;
using Stratum.Protocol;

namespace Stratum.Server;

public sealed partial class StratumSession
{
    /// <summary>
    /// Takes bytes as they come, in any pieces. Returns how many were taken: all, unless the session is now paused
    /// or closed. The driver offers the rest again when it is not.
    /// </summary>
    internal int Receive(ReadOnlySpan<byte> input)
    {
        Volatile.Write(ref _receivedAt, _server.Ticks);
        var rest = input;
        while (!IsPaused)
        {
            if (CloseReason is not null)
                return input.Length;
            switch (_lines.TryReadLine(ref rest, out var line))
            {
                case LineStatus.NeedMore:
                    return input.Length;
                case LineStatus.TooLong:
                    _server.OnProtocolError(this, $"A line is longer than {_server.Options.Limits.MaxLineLength} bytes.", ++_malformed);
                    Close(DisconnectReason.LineTooLong);
                    return input.Length;
                default:
                    HandleLine(line);
                    break;
            }
        }
        return input.Length - rest.Length;
    }

    private void HandleLine(ReadOnlySpan<byte> line)
    {
        _server.Log.Received(this, line);
        if (!Message.TryParse(line, out var message, out var error))
        {
            _server.OnProtocolError(this, error ?? "not a message", ++_malformed);
            if (_malformed >= _server.Options.Limits.MaxMalformedLines)
                Close(DisconnectReason.TooManyMalformedLines);
            return;
        }
        // An answer to us (Bitaxe answers a ping with a method "pong") is never answered.
        if (!message.IsRequest)
            CompleteCall(message);
        if (!message.IsRequest || message.Method.SequenceEqual(Methods.Pong))
            return;
        // null: the peer wants no answer.
        var id = message.WantsAnswer ? message.Id : default;
        // From here on the handler's time runs, also for one that blocks this thread.
        Volatile.Write(ref _handlingSince, Math.Max(1, _server.Ticks));
        _waiting = false;
        try
        {
            var taken = true;
            try
            {
                taken = _server.Intercept(this, message, id);
            }
            finally
            {
                // Also when the filter threw.
                if (taken && Methods.Find(message.Method) == MethodKind.Submit)
                    LookForBlock(message.Params);
            }
            if (!taken)
                Dispatch(message, id);
        }
        catch (Exception failure)
        {
            Refuse(id, failure);
        }
        if (!_waiting)
            Volatile.Write(ref _handlingSince, 0);
    }

    private void Dispatch(scoped in Message message, ReadOnlySpan<byte> id)
    {
        var kind = Methods.Find(message.Method);
        if (kind != MethodKind.Submit && _server.TryGetMethod(message.Method, out var own))
        {
            HandleOwn(id, own, message.Params);
            return;
        }
        switch (kind)
        {
            case MethodKind.Submit:
                HandleSubmit(id, message.Params);
                break;
            case MethodKind.Subscribe:
                HandleSubscribe(id, message.Params);
                break;
            case MethodKind.Authorize:
                HandleAuthorize(id, message.Params);
                break;
            case MethodKind.Configure:
                HandleConfigure(id, message.Params);
                break;
            case MethodKind.ExtranonceSubscribe:
                HandleExtranonceSubscribe(id);
                break;
            case MethodKind.SuggestDifficulty:
                HandleSuggestDifficulty(id, message.Method, message.Params);
                break;
            case MethodKind.SuggestTarget:
                HandleSuggestTarget(id, message.Params);
                break;
            case MethodKind.GetTransactions:
                HandleGetTransactions(id, message.Params);
                break;
            case MethodKind.Ping:
                Answer(id, "\"pong\""u8);
                break;
            default:
                Refuse(id, -3, "Method not found");
                break;
        }
    }

    private void HandleOwn(ReadOnlySpan<byte> id, JsonMethod<StratumSession> method, ReadOnlySpan<byte> parameters)
    {
        if (!method.TryBind(this, parameters, out var call, out var error))
        {
            Refuse(id, 20, error);
            return;
        }
        Run(call(), id, 0, static (session, id, _, json) => session.Answer(id, json.Span));
    }

    private delegate void Finish<in TState, in TResult>(
        StratumSession session, ReadOnlySpan<byte> id, TState state, TResult result);

    // Finishes now when the handler was synchronous (and then allocates nothing); else the session is paused until
    // it is, so that requests are answered in their order.
    private void Run<TState, TResult>(
        ValueTask<TResult> handler, ReadOnlySpan<byte> id, TState state, Finish<TState, TResult> finish)
    {
        if (handler.IsCompletedSuccessfully)
        {
            finish(this, id, state, handler.Result);
            return;
        }
        _waiting = true;
        _ = WaitAsync(handler, id.ToArray(), state, finish);
    }

    private async Task WaitAsync<TState, TResult>(
        ValueTask<TResult> handler, byte[] id, TState state, Finish<TState, TResult> finish)
    {
        try
        {
            var result = await handler.ConfigureAwait(false);
            finish(this, id, state, result);
        }
        catch (Exception failure)
        {
            Refuse(id, failure);
        }
        finally
        {
            Volatile.Write(ref _handlingSince, 0);
            _transport?.Wake();
        }
    }

    private void Answer(ReadOnlySpan<byte> id, bool value)
    {
        if (!id.IsEmpty)
            Outbound.Result(id, value);
    }

    internal void Answer(ReadOnlySpan<byte> id, ReadOnlySpan<byte> json)
    {
        if (!id.IsEmpty)
            Outbound.RawResult(id, json);
    }

    internal void Refuse(ReadOnlySpan<byte> id, int code, string text, ReadOnlySpan<byte> data = default)
    {
        if (!id.IsEmpty)
            Outbound.Error(id, code, text, data);
    }

    private void Refuse(ReadOnlySpan<byte> id, Exception failure)
    {
        if (failure is StratumException refusal)
        {
            Refuse(id, refusal.Code, refusal.Message, refusal.RawData is { } data ? Encoding.UTF8.GetBytes(data) : default);
            return;
        }
        if (failure is not OperationCanceledException || CloseReason is null)
            _server.OnHandlerFailed(this, failure);
        Refuse(id, 20, "Internal error");
    }
}
