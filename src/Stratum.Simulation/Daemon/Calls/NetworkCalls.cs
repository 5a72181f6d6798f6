using System.Text.Json;

namespace Stratum.Simulation;

/// <summary>Calls about the node itself.</summary>
internal static class NetworkCalls
{
    // The release whose answers the simulation gives.
    private const int Version = 210_000;
    private const int ProtocolVersion = 70016;

    public static IEnumerable<RpcMethod> Create(SimulatedDaemon daemon)
    {
        yield return RpcMethod.Of("getnetworkinfo", [], (_, result) => WriteNetworkInfo(daemon, result));
        yield return RpcMethod.Of("getconnectioncount", [], (_, result) =>
            result.WriteNumberValue(daemon.Peers));
        yield return RpcMethod.Of("uptime", [], (_, result) =>
            result.WriteNumberValue((long)daemon.Uptime.TotalSeconds));
    }

    private static void WriteNetworkInfo(SimulatedDaemon daemon, Utf8JsonWriter result)
    {
        result.WriteStartObject();
        result.WriteNumber("version", Version);
        result.WriteString("subversion", "/Stratum.Simulation:0.21.0/");
        result.WriteNumber("protocolversion", ProtocolVersion);
        result.WriteString("localservices", "0000000000000409");
        result.WriteBoolean("localrelay", true);
        result.WriteNumber("timeoffset", 0);
        result.WriteBoolean("networkactive", true);
        result.WriteNumber("connections", daemon.Peers);
        result.WriteStartArray("networks");
        result.WriteEndArray();
        result.WriteNumber("relayfee", 0.00001m);
        result.WriteNumber("incrementalfee", 0.00001m);
        result.WriteStartArray("localaddresses");
        result.WriteEndArray();
        result.WriteString("warnings", "");
        result.WriteEndObject();
    }
}
