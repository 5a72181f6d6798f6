using System.Text.Json;
using Stratum.Mining;
using Stratum.Rpc;

namespace Stratum.Daemon;

/// <summary><c>getblockheader</c>, which pruned nodes answer too.</summary>
internal static class ConfirmationsCall
{
    public static async Task<int?> AskAsync(
        JsonRpcHttpClient client, Hash256 block, CancellationToken cancellationToken)
    {
        JsonElement header;
        try
        {
            header = await client.CallAsync("getblockheader", [block.ToString(), true], null, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (RpcException e) when (e.Code == DaemonErrors.NotFound)
        {
            return null;
        }

        return header.Number("confirmations") is { } count and >= int.MinValue and <= int.MaxValue
            ? (int)count
            : throw new FormatException(
                "getblockheader: \"confirmations\" is missing or of another kind than expected.");
    }
}
