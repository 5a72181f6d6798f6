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
        if (!daemon.Options.WalletDisabled)
        {
            yield return RpcMethod.Of("getaddressinfo", ["address"], (arguments, result) =>
                WriteInfo(daemon, arguments.String(0), result));
        }
    }

    private static void WriteInfo(SimulatedDaemon daemon, string text, Utf8JsonWriter result)
    {
        if (daemon.Options.WalletAddresses is not { } owned)
        {
            throw new SimulatedRpcException(-18, "No wallet is loaded. Load a wallet using loadwallet or create " +
                "a new one with createwallet. (Note: A default wallet is no longer automatically created)");
        }

        if (!Address.TryParse(text, daemon.Chain.Coin, daemon.Chain.Network, out var address, out _))
        {
            throw new SimulatedRpcException(-5, "Invalid address");
        }

        // One script may be written in several ways.
        bool mine = owned.Any(own =>
            Address.TryParse(own, daemon.Chain.Coin, daemon.Chain.Network, out var other, out _)
            && other.ScriptPubKey.Span.SequenceEqual(address.ScriptPubKey.Span));
        result.WriteStartObject();
        result.WriteString("address", address.Text);
        result.WriteString("scriptPubKey", Convert.ToHexStringLower(address.ScriptPubKey.Span));
        result.WriteBoolean("ismine", mine);
        result.WriteBoolean("solvable", mine);
        result.WriteBoolean("iswatchonly", false);
        WriteKind(address, result);
        result.WriteBoolean("ischange", false);
        result.WriteEndObject();
    }

    private static void Write(SimulatedChain chain, string text, Utf8JsonWriter result)
    {
        result.WriteStartObject();
        if (Address.TryParse(text, chain.Coin, chain.Network, out var address, out _))
        {
            result.WriteBoolean("isvalid", true);
            result.WriteString("address", address.Text);
            result.WriteString("scriptPubKey", Convert.ToHexStringLower(address.ScriptPubKey.Span));
            WriteKind(address, result);
        }
        else
        {
            result.WriteBoolean("isvalid", false);
        }

        result.WriteEndObject();
    }

    private static void WriteKind(Address address, Utf8JsonWriter result)
    {
        var script = address.ScriptPubKey.Span;
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
}
