using System.Runtime.ExceptionServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Stratum.Protocol;
using Stratum.Rpc;

namespace Stratum.Server;

public sealed partial class RpcServer
{
    /// <summary>
    /// A daemon has a new block: <c>mining.block</c>, or <c>mining.update_block</c> as it was called before, with
    /// <c>[hash, source="bitcoin"]</c>. The answer is <c>true</c> unless a handler sets another or throws
    /// <see cref="RpcException"/>.
    /// </summary>
    /// <remarks>
    /// Handlers run one after the other in the order of their registration, here and in the other events. With
    /// <see cref="RpcException"/> one refuses: that is the answer, and those after it hear nothing. Any other exception is
    /// logged and answered by -32603, when all have heard.
    /// </remarks>
    public event AsyncEventHandler<RpcNotice>? Block;

    /// <summary>A wallet's transaction: <c>mining.wallet</c> with <c>[data, source="bitcoin"]</c>.</summary>
    public event AsyncEventHandler<RpcNotice>? Wallet;

    /// <summary>A daemon's alert: <c>mining.alert</c> with <c>[data, source="bitcoin"]</c>.</summary>
    public event AsyncEventHandler<RpcNotice>? Alert;

    /// <summary>Somebody asks for <c>mining.connections</c>: a handler may answer in its own way.</summary>
    public event AsyncEventHandler<RpcConnectionsQuery>? ConnectionsAsked;

    private void ExposeBuiltIn()
    {
        Dispatcher.ExposeRaw("mining.block", call => NoticeAsync(Block, call, isBlock: true));
        Dispatcher.ExposeRaw("mining.update_block", call => NoticeAsync(Block, call, isBlock: true));
        Dispatcher.ExposeRaw("mining.wallet", call => NoticeAsync(Wallet, call, isBlock: false));
        Dispatcher.ExposeRaw("mining.alert", call => NoticeAsync(Alert, call, isBlock: false));
        Dispatcher.ExposeRaw("mining.connections", async call =>
        {
            var query = new RpcConnectionsQuery(call);
            await RaiseAsync(ConnectionsAsked, call, query).ConfigureAwait(false);
            return query.Answer is null ? SessionList.Write(_servers) : ToJson(query.Answer);
        });
    }

    private async ValueTask<ReadOnlyMemory<byte>> NoticeAsync(AsyncEventHandler<RpcNotice>? handlers, RpcCall call, bool isBlock)
    {
        var notice = ReadNotice(call, isBlock);
        await RaiseAsync(handlers, call, notice).ConfigureAwait(false);
        return notice.Answer is null ? "true"u8.ToArray() : ToJson(notice.Answer);
    }

    private static RpcNotice ReadNotice(RpcCall call, bool isBlock)
    {
        using var document = JsonDocument.Parse(call.Params);
        var given = document.RootElement;
        var data = Text(call, given, 0, isBlock ? ["hash", "data"] : ["data"]);
        var source = Text(call, given, 1, ["source"]) ?? "bitcoin";
        if (data is null)
            throw new RpcException(RpcErrors.InvalidParams, $"{call.Method}: the first parameter ({(isBlock ? "hash" : "data")}) is missing");
        if (!isBlock)
            return new RpcNotice(call, data, source);
        // Before any handler: what comes behind may ask a daemon for it.
        if (data.Length != 64 || !data.All(char.IsAsciiHexDigit))
            throw new RpcException(RpcErrors.InvalidParams, $"{call.Method}: a block's hash has 64 hex digits (this text has {data.Length} characters); -blocknotify gives it as %s");
        return new RpcNotice(call, data.ToLowerInvariant(), source);
    }

    private static string? Text(RpcCall call, JsonElement given, int index, string[] names)
    {
        JsonElement value = default;
        if (given.ValueKind == JsonValueKind.Array)
            value = index < given.GetArrayLength() ? given[index] : default;
        else if (!names.Any(name => given.TryGetProperty(name, out value)))
            value = default;
        return value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Undefined or JsonValueKind.Null => null,
            _ => throw new RpcException(RpcErrors.InvalidParams, $"{call.Method}: parameter {index + 1} ({names[0]}) must be a text"),
        };
    }

    // A refusal ends it and is the answer. Another exception keeps nobody from hearing of it; the first is the answer.
    private async ValueTask RaiseAsync<T>(AsyncEventHandler<T>? handlers, RpcCall call, T value)
    {
        Exception? first = null;
        foreach (var handler in Delegate.EnumerateInvocationList(handlers))
        {
            try
            {
                await handler(this, value).ConfigureAwait(false);
            }
            catch (RpcException)
            {
                if (first is not null)
                    _log.RpcHandlerFailed(call.Method, first);
                throw;
            }
            catch (Exception failure)
            {
                if (first is not null)
                    _log.RpcHandlerFailed(call.Method, failure);
                first ??= failure;
            }
        }
        if (first is not null)
            ExceptionDispatchInfo.Throw(first);
    }

    private static ReadOnlyMemory<byte> ToJson(JsonNode answer) => Encoding.UTF8.GetBytes(answer.ToJsonString());
}
