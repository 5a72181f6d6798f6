using System.Buffers;

namespace Stratum.Protocol;

/// <summary>
/// Writes whole lines, LF included, with the members in the order that everybody sends them. Answers always have
/// both <c>result</c> and <c>error</c> (cgminer and cpuminer fail without the one, NiceHash without the other);
/// notifications always have <c>"id":null</c>. Nothing here allocates.
/// </summary>
public static class MessageWriter
{
    /// <summary><c>{"id":1,"result":true,"error":null}</c>.</summary>
    /// <param name="writer">Where the line goes.</param>
    /// <param name="id">The request's id, raw; empty writes null.</param>
    /// <param name="value">The result.</param>
    public static void WriteResult(IBufferWriter<byte> writer, ReadOnlySpan<byte> id, bool value) =>
        WriteRawResult(writer, id, value ? "true"u8 : "false"u8);

    /// <summary><c>{"id":1,"result":"text","error":null}</c>.</summary>
    public static void WriteTextResult(IBufferWriter<byte> writer, ReadOnlySpan<byte> id, string text)
    {
        BeginResult(writer, id);
        writer.PutText(text);
        EndResult(writer);
    }

    /// <summary><c>{"id":1,"result":...,"error":null}</c>.</summary>
    /// <param name="writer">Where the line goes.</param>
    /// <param name="id">The request's id, raw; empty writes null.</param>
    /// <param name="rawJson">The result, valid JSON without a line feed.</param>
    public static void WriteRawResult(IBufferWriter<byte> writer, ReadOnlySpan<byte> id, ReadOnlySpan<byte> rawJson)
    {
        // The answer to every share: one span, one advance.
        ReadOnlySpan<byte> start = "{\"id\":"u8, middle = ",\"result\":"u8, end = ",\"error\":null}\n"u8;
        id = OrNull(id);
        int length = start.Length + id.Length + middle.Length + rawJson.Length + end.Length;
        Span<byte> span = writer.GetSpan(length);
        start.CopyTo(span);
        span = span[start.Length..];
        id.CopyTo(span);
        span = span[id.Length..];
        middle.CopyTo(span);
        span = span[middle.Length..];
        rawJson.CopyTo(span);
        end.CopyTo(span[rawJson.Length..]);
        writer.Advance(length);
    }

    /// <summary>
    /// <c>{"id":1,"result":null,"error":[21,"Job not found",null]}</c>: an array, because miners print
    /// <c>error[1]</c> only.
    /// </summary>
    /// <param name="writer">Where the line goes.</param>
    /// <param name="id">The request's id, raw; empty writes null.</param>
    /// <param name="code">The code.</param>
    /// <param name="text">What a person reads.</param>
    /// <param name="rawData">The third member as JSON; empty writes null.</param>
    /// <param name="falseResult">Writes <c>"result":false</c>, as for shares, instead of null.</param>
    public static void WriteError(
        IBufferWriter<byte> writer,
        ReadOnlySpan<byte> id,
        int code,
        string text,
        ReadOnlySpan<byte> rawData = default,
        bool falseResult = false)
    {
        BeginResult(writer, id);
        writer.Write(falseResult ? "false,\"error\":["u8 : "null,\"error\":["u8);
        writer.PutNumber(code);
        writer.Write(","u8);
        writer.PutText(text);
        writer.Write(","u8);
        writer.Write(OrNull(rawData));
        writer.Write("]}\n"u8);
    }

    /// <summary><c>{"id":null,"method":"mining.notify","params":[...]}</c>.</summary>
    /// <param name="writer">Where the line goes.</param>
    /// <param name="method">The method in UTF-8.</param>
    /// <param name="rawParams">The params, valid JSON without a line feed; empty writes <c>[]</c>.</param>
    public static void WriteNotification(
        IBufferWriter<byte> writer, ReadOnlySpan<byte> method, ReadOnlySpan<byte> rawParams)
    {
        BeginNotification(writer, method);
        writer.Write(rawParams.IsEmpty ? "[]"u8 : rawParams);
        writer.Write("}\n"u8);
    }

    /// <summary><c>{"id":1,"method":"mining.authorize","params":[...]}</c>.</summary>
    /// <param name="writer">Where the line goes.</param>
    /// <param name="id">Our number for the answer.</param>
    /// <param name="method">The method in UTF-8.</param>
    /// <param name="rawParams">The params, valid JSON without a line feed; empty writes <c>[]</c>.</param>
    public static void WriteRequest(
        IBufferWriter<byte> writer, long id, ReadOnlySpan<byte> method, ReadOnlySpan<byte> rawParams)
    {
        BeginRequest(writer, id, method);
        writer.Write(rawParams.IsEmpty ? "[]"u8 : rawParams);
        writer.Write("}\n"u8);
    }

    /// <summary>Everything up to the result's value.</summary>
    internal static void BeginResult(IBufferWriter<byte> writer, ReadOnlySpan<byte> id)
    {
        writer.Write("{\"id\":"u8);
        writer.Write(OrNull(id));
        writer.Write(",\"result\":"u8);
    }

    /// <summary>Everything after the result's value.</summary>
    internal static void EndResult(IBufferWriter<byte> writer) => writer.Write(",\"error\":null}\n"u8);

    /// <summary>Everything up to the params' value.</summary>
    internal static void BeginNotification(IBufferWriter<byte> writer, ReadOnlySpan<byte> method)
    {
        writer.Write("{\"id\":null,\"method\":"u8);
        writer.PutText(method);
        writer.Write(",\"params\":"u8);
    }

    /// <summary>Everything up to the params' value.</summary>
    internal static void BeginRequest(IBufferWriter<byte> writer, long id, ReadOnlySpan<byte> method)
    {
        writer.Write("{\"id\":"u8);
        writer.PutNumber(id);
        writer.Write(",\"method\":"u8);
        writer.PutText(method);
        writer.Write(",\"params\":"u8);
    }

    private static ReadOnlySpan<byte> OrNull(ReadOnlySpan<byte> raw) => raw.IsEmpty ? "null"u8 : raw;
}
