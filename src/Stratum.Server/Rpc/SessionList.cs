using System.Buffers;
using System.Text.Json;

namespace Stratum.Server;

/// <summary>What <c>mining.connections</c> answers.</summary>
internal static class SessionList
{
    public static ReadOnlyMemory<byte> Write(IReadOnlyList<StratumServer> servers)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            foreach (var session in servers.SelectMany(server => server.Sessions).OrderBy(session => session.ConnectedAt).ThenBy(session => session.Id))
                Write(writer, session);
            writer.WriteEndArray();
        }
        return buffer.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter writer, StratumSession session)
    {
        var workers = session.Workers;
        writer.WriteStartObject();
        writer.WriteNumber("id", session.Id);
        writer.WriteString("address", session.RemoteEndPoint?.ToString());
        writer.WriteString("worker", workers is [var first, ..] ? first.ToString() : null);
        writer.WriteStartArray("workers");
        foreach (var worker in workers)
            writer.WriteStringValue(worker.ToString());
        writer.WriteEndArray();
        writer.WriteString("agent", session.UserAgent);
        writer.WriteString("since", session.ConnectedAt.UtcDateTime);
        writer.WriteString("lastActivity", session.LastReceived.UtcDateTime);
        writer.WritePropertyName("difficulty");
        writer.WriteRawValue(session.Difficulty.ToString());
        writer.WriteNumber("accepted", session.Accepted);
        writer.WriteNumber("rejected", session.Rejected);
        writer.WriteBoolean("authorized", session.IsAuthorized);
        writer.WriteBoolean("tls", session.IsTls);
        writer.WriteEndObject();
    }
}
