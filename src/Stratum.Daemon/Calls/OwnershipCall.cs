using System.Text.Json;
using Stratum.Rpc;

namespace Stratum.Daemon;

/// <summary><c>getaddressinfo</c> of the daemon's wallet, or of each where there are several. Asks for no secret and
/// unlocks nothing.</summary>
internal static class OwnershipCall
{
    public static async Task<bool?> AskAsync(
        CoinDaemonOptions options, JsonRpcHttpClient client, string address, CancellationToken cancellationToken)
    {
        try
        {
            return await IsMineAsync(client, address, cancellationToken).ConfigureAwait(false);
        }
        catch (RpcException e) when (e.Code == DaemonErrors.WalletNotSpecified)
        {
            return await AnyAsync(options, client, address, cancellationToken).ConfigureAwait(false);
        }
        catch (RpcException e) when (CannotSay(e))
        {
            return null;
        }
    }

    private static async Task<bool?> AnyAsync(
        CoinDaemonOptions options, JsonRpcHttpClient client, string address, CancellationToken cancellationToken)
    {
        JsonElement names = await client.CallAsync("listwallets", cancellationToken: cancellationToken)
            .ConfigureAwait(false);
        if (names.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        bool? any = null;
        foreach (JsonElement name in names.EnumerateArray())
        {
            if (name.ValueKind != JsonValueKind.String)
            {
                continue;
            }

            var url = new Uri(options.Url, "/wallet/" + Uri.EscapeDataString(name.GetString()!));
            using var wallet = new JsonRpcHttpClient(options.ToRpc(options.CallTimeout) with { Url = url });
            try
            {
                bool? mine = await IsMineAsync(wallet, address, cancellationToken).ConfigureAwait(false);
                if (mine == true)
                {
                    return true;
                }

                any ??= mine;
            }
            catch (RpcException e) when (CannotSay(e))
            {
                // Unloaded since, perhaps; the others are asked.
            }
        }

        return any;
    }

    private static async Task<bool?> IsMineAsync(
        JsonRpcHttpClient wallet, string address, CancellationToken cancellationToken)
    {
        JsonElement info = await wallet.CallAsync("getaddressinfo", [address], null, cancellationToken)
            .ConfigureAwait(false);
        return info.Member("ismine")?.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => null,
        };
    }

    // All but "not yet": -18 no wallet is loaded, -32601 built without, -5 no address of this daemon's network.
    private static bool CannotSay(RpcException e) => e.Code != DaemonErrors.InWarmup;
}
