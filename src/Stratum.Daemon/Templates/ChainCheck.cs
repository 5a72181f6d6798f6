using System.Text.Json;
using Stratum.Mining;

namespace Stratum.Daemon;

/// <summary>Whether a daemon follows the network that is mined. The chain's name alone does not tell coins apart: all
/// of them call theirs <c>main</c>, <c>test</c> and <c>regtest</c>.</summary>
internal static class ChainCheck
{
    /// <param name="options">What must be.</param>
    /// <param name="place">Host and port.</param>
    /// <param name="info">The answer of <c>getblockchaininfo</c>.</param>
    /// <param name="genesis">Id of the daemon's block 0; null when it did not say.</param>
    /// <returns>Null: it does, as far as can be known.</returns>
    /// <exception cref="FormatException">The answer names no chain.</exception>
    public static DaemonStatus? FindWrong(
        CoinDaemonOptions options, string place, JsonElement info, Hash256? genesis)
    {
        string chain = info.Text("chain")
            ?? throw new FormatException("getblockchaininfo: \"chain\" is missing or no text.");
        CoinNetwork wanted = options.Network;
        bool sameBlock = genesis is null || wanted.GenesisHash is null || genesis == wanted.GenesisHash;
        if (chain == wanted.ChainName && sameBlock)
        {
            return null;
        }

        string block = wanted.GenesisHash is { } own && !sameBlock ? $", block 0 {own}" : "";
        return new DaemonStatus(
            DaemonState.WrongChain,
            $"{place} follows {Describe(chain, genesis)}, but {options.Coin.Name} {wanted.Name} (\"{wanted.ChainName}\""
                + $"{block}) is mined here: start that daemon, or name its coin and network here.");
    }

    private static string Describe(string chain, Hash256? genesis)
    {
        if (genesis is null)
        {
            return $"the chain \"{chain}\"";
        }

        foreach (Coin coin in Coin.Known)
        {
            if (coin.Networks.FirstOrDefault(n => n.GenesisHash == genesis) is { } network)
            {
                return $"{coin.Name} {network.Name} (\"{chain}\", block 0 {genesis})";
            }
        }

        return $"the chain \"{chain}\" with block 0 {genesis}";
    }
}
