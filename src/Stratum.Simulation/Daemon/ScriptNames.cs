using Stratum.Mining;

namespace Stratum.Simulation;

/// <summary>What a daemon calls an output script.</summary>
internal static class ScriptNames
{
    public static string TypeOf(ReadOnlySpan<byte> script, Address? address) => address?.Kind switch
    {
        AddressKind.PublicKeyHash => "pubkeyhash",
        AddressKind.ScriptHash => "scripthash",
        AddressKind.WitnessPublicKeyHash => "witness_v0_keyhash",
        AddressKind.WitnessScriptHash => "witness_v0_scripthash",
        AddressKind.Taproot => "witness_v1_taproot",
        AddressKind.WitnessUnknown => "witness_unknown",
        _ => script is [0x6a, ..] ? "nulldata" : "nonstandard",
    };
}
