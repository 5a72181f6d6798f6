using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Stratum.Protocol;

namespace Stratum.Client;

public sealed partial class StratumClient
{
    private readonly HandlerQueue _handlers;
    private PoolRequestFilter? _filter;
    private readonly JsonMethods<StratumClient> _methods = new();

    /// <summary>
    /// Sees every request and notification of the pool first, where its bytes arrived, and may answer it, reject it
    /// or pass it on; what is answered goes no further, notifications included.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is a filter already.</exception>
    public void OnRequest(PoolRequestFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        if (Interlocked.CompareExchange(ref _filter, filter, null) is not null)
            throw new InvalidOperationException("A filter is registered already; there can be one. Combine them in one function.");
    }

    /// <summary>
    /// Answers a method that pools may call. The handler takes the client, if it likes, and then one parameter for each
    /// element of the request's <c>params</c>, or for each member of that name; it returns a value, a <see cref="Task{TResult}"/> or a <see cref="ValueTask{TResult}"/>; it runs
    /// on the thread pool, one after the other, and may throw <see cref="StratumException"/> to refuse.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is a handler for that method already.</exception>
    [RequiresUnreferencedCode("Parameters and result are converted by reflection; use the overload with JsonTypeInfo.")]
    [RequiresDynamicCode("Parameters and result are converted by reflection; use the overload with JsonTypeInfo.")]
    public void Map(string method, Delegate handler) => _methods.Add(method, handler);

    /// <summary>
    /// Answers a method that pools may call, whose whole <c>params</c> is one value, without reflection.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is a handler for that method already.</exception>
    public void Map<TParams, TResult>(
        string method,
        Func<TParams?, ValueTask<TResult>> handler,
        JsonTypeInfo<TParams> parameters,
        JsonTypeInfo<TResult> result)
    {
        ArgumentNullException.ThrowIfNull(handler);
        _methods.Add(method, (_, value) => handler(value), parameters, result);
    }

    /// <summary>Deals with a request or notification; the words of what is wrong with it, or null.</summary>
    internal string? TakeRequest(PoolSession session, scoped in Message message)
    {
        if (_filter is { } filter && Filter(session, message, filter))
            return null;
        if (_methods.TryGet(message.Method, out var own))
        {
            Run(session, own, message);
            return null;
        }

        return Methods.Find(message.Method) switch
        {
            MethodKind.Notify => TakeNotify(session, message),
            MethodKind.SetDifficulty => TakeDifficulty(session, message),
            MethodKind.SetExtranonce => TakeExtranonce(session, message),
            MethodKind.SetVersionMask => TakeVersionMask(session, message),
            MethodKind.Reconnect => TakeReconnect(session, message),
            MethodKind.ShowMessage => TakeShowMessage(session, message),
            MethodKind.GetVersion => Answer(session, message, JsonSerializer.SerializeToUtf8Bytes(
                Options.UserAgent, ClientJson.Default.String)),
            MethodKind.Ping => Answer(session, message, "\"pong\""u8.ToArray()),
            MethodKind.Pong => null,
            _ => TakeUnknown(session, message),
        };
    }

    private static string? Answer(PoolSession session, scoped in Message message, byte[] json)
    {
        if (message.WantsAnswer)
        {
            var id = new RequestId(message.Id);
            session.Post(writer => MessageWriter.WriteRawResult(writer, id.AsUtf8(stackalloc byte[20]), json));
        }

        return null;
    }

    private static void Refuse(PoolSession session, RequestId id, int code, string text, byte[]? data = null)
    {
        if (!id.IsNull)
            session.Post(writer => MessageWriter.WriteError(writer, id.AsUtf8(stackalloc byte[20]), code, text, data));
    }

    private bool Filter(PoolSession session, scoped in Message message, PoolRequestFilter filter)
    {
        PoolRequestOutcome outcome;
        try
        {
            outcome = filter(new PoolRequest(message));
        }
        catch (Exception failure)
        {
            _log.HandlerFailed(failure);
            Refuse(session, new RequestId(message.Id), 20, "Internal error");
            return true;
        }

        if (outcome.Error is { } error)
            Refuse(session, new RequestId(message.Id), outcome.Code, error, outcome.Json);
        else if (outcome.Json is { } json)
            Answer(session, message, json);
        else
            return false;
        return true;
    }

    private void Run(PoolSession session, JsonMethod<StratumClient> method, scoped in Message message)
    {
        var id = new RequestId(message.Id);
        if (!method.TryBind(this, message.Params, out var call, out string? error))
        {
            Refuse(session, id, 20, error);
            return;
        }

        bool queued = _handlers.TryAdd(async () =>
        {
            try
            {
                var json = await call().ConfigureAwait(false);
                if (!id.IsNull)
                    session.Post(writer => MessageWriter.WriteRawResult(writer, id.AsUtf8(stackalloc byte[20]), json.Span));
            }
            catch (StratumException refusal)
            {
                byte[]? data = refusal.RawData is null ? null : Encoding.UTF8.GetBytes(refusal.RawData);
                Refuse(session, id, refusal.Code, refusal.Message, data);
            }
            catch (Exception failure)
            {
                _log.HandlerFailed(failure);
                Refuse(session, id, 20, "Internal error");
            }
        });
        if (!queued)
            Refuse(session, id, 20, "Too many requests at once");
    }
}
