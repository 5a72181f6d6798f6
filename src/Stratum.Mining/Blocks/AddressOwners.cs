namespace Stratum.Mining;

/// <summary>Says whose an address is when it is not of the network that was asked for.</summary>
internal static class AddressOwners
{
    /// <summary>Whether a human-readable part is that of the network, its coin or a coin that is known here.</summary>
    public static bool Knows(Coin coin, CoinNetwork network, string prefix) =>
        prefix == network.Bech32Prefix || Coins(coin).Any(known => known.RefusedAddresses.ContainsKey(prefix)
            || known.Networks.Any(other => other.Bech32Prefix == prefix));

    public static string OfBech32(Coin coin, CoinNetwork network, string prefix)
    {
        if (Find(coin, network, other => other.Bech32Prefix == prefix) is { } found)
            return found;
        if (Coins(coin).FirstOrDefault(other => other.RefusedAddresses.ContainsKey(prefix)) is { } owner)
            return $"is an address of {owner.Name}, not of {coin.Name} {network.Name}";
        return network.Bech32Prefix is { } own
            ? $"is not an address of {coin.Name} {network.Name}: it begins with '{Start(prefix)}1', not '{own}1'"
            : $"is not an address: {coin.Name} {network.Name} has none in bech32";
    }

    public static string OfBase58(Coin coin, CoinNetwork network, byte version) =>
        Find(coin, network, other => version == other.PublicKeyHashPrefix || other.ScriptHashPrefixes.Contains(version))
        ?? $"is not an address of {coin.Name} {network.Name}: its version byte {version} is none of this network's";

    private static string? Find(Coin coin, CoinNetwork network, Func<CoinNetwork, bool> matches)
    {
        foreach (var owner in Coins(coin))
        {
            var names = owner.Networks.Where(matches).Select(other => other.Name).ToList();
            if (names.Count > 0)
                return $"is an address of {owner.Name} {string.Join(" or ", names)}, not of {coin.Name} {network.Name}";
        }
        return null;
    }

    private static IEnumerable<Coin> Coins(Coin first) =>
        Coin.Known.Where(coin => coin.Name != first.Name).Prepend(first);

    private static string Start(string prefix) => prefix.Length <= 10 ? prefix : prefix[..10] + "...";
}
