using System.Net;
using System.Text.Json.Nodes;

namespace Stratum.Cli;

/// <summary><c>{"event":"listening","address":"127.0.0.1","port":3333,"driver":"LoopDriver, which works here, 2 threads","rpcPort":1337}</c></summary>
internal static class ListeningLine
{
    /// <param name="endPoint">Of the pool.</param>
    /// <param name="driver">What carries plain TCP, and why.</param>
    /// <param name="rpc">Of the JSON-RPC server; null without one.</param>
    public static JsonObject Of(IPEndPoint endPoint, string driver, IPEndPoint? rpc)
    {
        var line = new JsonObject
        {
            ["event"] = "listening",
            ["address"] = endPoint.Address.ToString(),
            ["port"] = endPoint.Port,
            ["driver"] = driver,
        };
        if (rpc is not null)
            line["rpcPort"] = rpc.Port;
        return line;
    }
}
