using System.Buffers;

namespace Stratum.Protocol;

/// <summary>
/// <c>{"id":42,"method":"mining.ping","params":[]}</c> and its two answers:
/// <c>{"id":42,"result":"pong","error":null}</c> (cgminer) and, a method by name only,
/// <c>{"id":42,"method":"pong","params":[]}</c> (Bitaxe). Before the answer to authorize a ping ends the login of
/// cpuminer.
/// </summary>
public static class Ping
{
    /// <summary>Writes the request.</summary>
    /// <param name="writer">Where the line goes.</param>
    /// <param name="id">Our number for the answer.</param>
    public static void Write(IBufferWriter<byte> writer, long id) =>
        MessageWriter.WriteRequest(writer, id, Methods.Ping, default);

    /// <summary>Writes the answer, cgminer's.</summary>
    /// <param name="writer">Where the line goes.</param>
    /// <param name="id">The request's id, raw.</param>
    public static void WriteAnswer(IBufferWriter<byte> writer, ReadOnlySpan<byte> id) =>
        MessageWriter.WriteRawResult(writer, id, "\"pong\""u8);

    /// <summary>Whether a line is an answer to a ping, in either form.</summary>
    public static bool IsAnswer(in Message message) =>
        message.IsRequest ? message.Method.SequenceEqual(Methods.Pong) : message.Result.SequenceEqual("\"pong\""u8);
}
