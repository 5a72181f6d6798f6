using System.Text.Json;

namespace Stratum.Simulation;

/// <summary>Writes the <c>result</c> of a call, or throws <see cref="SimulatedRpcException"/>.</summary>
internal delegate ValueTask RpcHandler(RpcArguments arguments, Utf8JsonWriter result, CancellationToken cancelled);

/// <summary>A call of the daemon; the names are those of its parameters, in order.</summary>
internal sealed record RpcMethod(string Name, string[] Names, RpcHandler Run)
{
    /// <summary>What a caller without the right parameters gets, as the first line of bitcoind's help.</summary>
    public string Usage => string.Join(' ', [Name, .. Names.Select(name => $"\"{name}\"")]) + "\n";

    public static RpcMethod Of(string name, string[] names, Action<RpcArguments, Utf8JsonWriter> run) =>
        new(name, names, (arguments, result, _) =>
        {
            run(arguments, result);
            return ValueTask.CompletedTask;
        });
}
