using System.Text.Json;
using Stratum.Mining;
using Stratum.Rpc;

namespace Stratum.Daemon;

/// <summary><c>getblockchaininfo</c> and <c>getnetworkinfo</c>.</summary>
internal static class HealthCall
{
    public static async Task<DaemonHealth> AskAsync(JsonRpcHttpClient client, CancellationToken cancellationToken)
    {
        RpcAnswer chain = await client.AskAsync("getblockchaininfo", cancellationToken: cancellationToken)
            .ConfigureAwait(false);
        RpcAnswer network = await client.AskAsync("getnetworkinfo", cancellationToken: cancellationToken)
            .ConfigureAwait(false);
        // The quicker call tells the clock; this one does not wait for the chain's lock.
        return Read(chain.Result, network.Result, network.ClockDifference);
    }

    private static DaemonHealth Read(JsonElement chain, JsonElement network, TimeSpan? clock)
    {
        if (!Hash256.TryParse(chain.Text("bestblockhash"), out Hash256 tip))
        {
            throw Malformed("getblockchaininfo", "bestblockhash");
        }

        return new DaemonHealth(
            chain.Number("blocks") ?? throw Malformed("getblockchaininfo", "blocks"),
            tip,
            (int)Math.Clamp(
                network.Number("connections") ?? throw Malformed("getnetworkinfo", "connections"), 0, int.MaxValue),
            chain.Member("initialblockdownload") is { ValueKind: JsonValueKind.True },
            clock,
            network.Text("subversion") ?? "");
    }

    private static FormatException Malformed(string method, string member) =>
        new($"{method}: \"{member}\" is missing or of another kind than expected.");
}
