using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Stratum.Rpc;

namespace Stratum.Simulation;

/// <summary>The calls of a daemon, on the dispatcher that answers them as bitcoind does.</summary>
internal static class DaemonCalls
{
    private const int InWarmup = -28;

    /// <summary>As many as a caller likes, and as long: a long poll waits for a block.</summary>
    private static readonly RpcDispatcherOptions s_options = new()
    {
        AnswersCallsWithoutId = true,
        RefusesInOlderForm = true,
        CallTimeout = Timeout.InfiniteTimeSpan,
        MaxBatch = 10_000,
        MaxBatchAnswer = int.MaxValue,
    };

    public static RpcDispatcher Create(SimulatedDaemon daemon)
    {
        Dictionary<string, RpcMethod> methods = ((IEnumerable<RpcMethod>)
        [
            .. MiningCalls.Create(daemon), .. ChainCalls.Create(daemon), .. NetworkCalls.Create(daemon),
            .. AddressCalls.Create(daemon),
        ]).ToDictionary(method => method.Name);
        var dispatcher = new RpcDispatcher(s_options)
        {
            Filter = (call, next) =>
            {
                if (methods.ContainsKey(call.Method))
                {
                    daemon.Count(call.Method);
                }

                return AnswerAsync(daemon, call, next);
            },
        };
        foreach (var method in methods.Values)
        {
            dispatcher.ExposeRaw(method.Name, call => RunAsync(method, call));
        }

        return dispatcher;
    }

    /// <summary>JSON-RPC 2.0 leaves it at 200; the older style, which all pools use, tells errors by the status too.
    /// </summary>
    public static int StatusOf(int code) => code switch
    {
        RpcErrors.InvalidRequest => 400,
        RpcErrors.MethodNotFound => 404,
        _ => 500,
    };

    private static async ValueTask<ReadOnlyMemory<byte>> AnswerAsync(
        SimulatedDaemon daemon, RpcCall call, Func<ValueTask<ReadOnlyMemory<byte>>> next)
    {
        if (daemon.Mood == SimulatedDaemonMood.WarmingUp)
        {
            throw new RpcException(InWarmup, "Loading block index...");
        }

        try
        {
            var result = await next().ConfigureAwait(false);
            return daemon.Tamper is { } tamper
                ? Encoding.UTF8.GetBytes(tamper(call.Method, JsonNode.Parse(result.Span))?.ToJsonString() ?? "null")
                : result;
        }
        catch (SimulatedRpcException error)
        {
            throw new RpcException(error.Code, error.Message);
        }
    }

    private static async ValueTask<ReadOnlyMemory<byte>> RunAsync(RpcMethod method, RpcCall call)
    {
        using var parameters = JsonDocument.Parse(call.Params);
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        await method.Run(RpcArguments.Read(parameters.RootElement, method), writer, call.Cancelled).ConfigureAwait(false);
        await writer.FlushAsync(call.Cancelled).ConfigureAwait(false);
        return buffer.WrittenMemory;
    }
}
