using System.Net;
using System.Text.Json.Nodes;

namespace Stratum.Cli;

/// <summary><c>{"event":"listening","address":"127.0.0.1","port":3333,"rpcPort":1337}</c></summary>
internal static class ListeningLine
{
    /// <param name="endPoint">Of the pool.</param>
    /// <param name="rpc">Of the JSON-RPC server; null without one.</param>
    public static JsonObject Of(IPEndPoint endPoint, IPEndPoint? rpc)
    {
        var line = new JsonObject
        {
            ["event"] = "listening",
            ["address"] = endPoint.Address.ToString(),
            ["port"] = endPoint.Port,
        };
        if (rpc is not null)
            line["rpcPort"] = rpc.Port;
        return line;
    }
}
