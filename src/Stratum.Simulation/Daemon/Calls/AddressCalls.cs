using System.Text.Json;
using Stratum.Mining;

namespace Stratum.Simulation;

/// <summary>Calls about addresses.</summary>
internal static class AddressCalls
{
    public static IEnumerable<RpcMethod> Create(SimulatedDaemon daemon)
    {
        yield return RpcMethod.Of("validateaddress", ["address"], (arguments, result) =>
            Write(daemon.Chain, arguments.String(0), result));
    }

    private static void Write(SimulatedChain chain, string text, Utf8JsonWriter result)
    {
        result.WriteStartObject();
        if (Address.TryParse(text, chain.Coin, chain.Network, out var address, out _))
        {
            var script = address!.ScriptPubKey.Span;
            result.WriteBoolean("isvalid", true);
            result.WriteString("address", address.Text);
            result.WriteString("scriptPubKey", Convert.ToHexStringLower(script));
            result.WriteBoolean("isscript", address.Kind is AddressKind.ScriptHash or AddressKind.WitnessScriptHash);
            bool witness = address.Kind is not (AddressKind.PublicKeyHash or AddressKind.ScriptHash);
            result.WriteBoolean("iswitness", witness);
            if (witness)
            {
                // The script is OP_0 or OP_1..16 and one push of the program (BIP 141).
                result.WriteNumber("witness_version", script[0] == 0 ? 0 : script[0] - 0x50);
                result.WriteString("witness_program", Convert.ToHexStringLower(script[2..]));
            }
        }
        else
        {
            result.WriteBoolean("isvalid", false);
        }

        result.WriteEndObject();
    }
}
