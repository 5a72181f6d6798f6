namespace Stratum.Mining.Tests;

/// <summary>Headers of real blocks.</summary>
internal static class KnownHeaders
{
    /// <summary>Bitcoin's first block; nonce 2083236893.</summary>
    public static byte[] BitcoinGenesis => Convert.FromHexString(
        "0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e67768f61"
        + "7fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c");

    public const string BitcoinGenesisHash = "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f";

    /// <summary>Bitcoin's block 125552; nonce 2504433986.</summary>
    public static byte[] Bitcoin125552 => Convert.FromHexString(
        "0100000081cd02ab7e569e8bcd9317e2fe99f2de44d49ab2b8851ba4a308000000000000e320b6c2fffc8d750423db8b1eb942ae"
        + "710e951ed797f7affc8892b0f1fc122bc7f5d74df2b9441a42a14695");

    public const string Bitcoin125552Hash = "00000000000000001e8d6829a8a21adc5d38d0a473b144b6765798e61f98bd1d";

    /// <summary>Litecoin's first block; nonce 2084524493.</summary>
    public static byte[] LitecoinGenesis => Convert.FromHexString(
        "010000000000000000000000000000000000000000000000000000000000000000000000d9ced4ed1130f7b7faad9be25323ffaf"
        + "a33232a17c3edf6cfd97bee6bafbdd97b9aa8e4ef0ff0f1ecd513f7c");

    public const string LitecoinGenesisHash = "0000050c34a64b415b6b15b37f2216634b5b1669cb9a2e38d76f7213b0671e00";

    /// <summary>Bytes that are the same in every run.</summary>
    public static byte[] Random(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
