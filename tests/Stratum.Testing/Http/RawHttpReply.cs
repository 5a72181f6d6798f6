using System.Text;
using System.Text.Json.Nodes;

namespace Stratum.Testing;

/// <summary>Bytes for the wire, and whether the connection ends behind them.</summary>
public sealed record RawHttpReply(byte[] Bytes, bool Close = false)
{
    public static RawHttpReply Of(int status, string body, string type = "application/json") => new(
        Encoding.UTF8.GetBytes($"HTTP/1.1 {status} Whatever\r\nContent-Type: {type}\r\n"
            + $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"));

    public static RawHttpReply Result(string json) => Of(200, $$"""{"result":{{json}},"error":null,"id":1}""" + "\n");

    public static RawHttpReply Error(int code, string message, int status = 500) => Of(
        status,
        new JsonObject
        {
            ["result"] = null, ["error"] = new JsonObject { ["code"] = code, ["message"] = message }, ["id"] = 1,
        }.ToJsonString());

    /// <summary>As coin daemons refuse a password: no body.</summary>
    public static RawHttpReply Unauthorized => new(
        "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"jsonrpc\"\r\nContent-Length: 0\r\n\r\n"u8.ToArray());

    public static RawHttpReply Text(string bytes, bool close) => new(Encoding.UTF8.GetBytes(bytes), close);
}
