using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace Stratum.Protocol;

/// <summary>
/// What the peer said when it said no. Pools write it as <c>[21,"Job not found",null]</c>, as two elements, as
/// <c>{"code":21,"message":"..."}</c>, as a string <c>"-3:method not found"</c>, as <c>true</c>, or as ckpool's
/// <c>"reject-reason"</c> beside an error of null.
/// </summary>
/// <param name="Code">The peer's code; <see cref="UnknownCode"/> where it gave none that can be read.</param>
/// <param name="Text">The peer's words, possibly empty.</param>
public readonly record struct RemoteError(int Code, string Text)
{
    /// <summary>20, "other": for errors without a code.</summary>
    public const int UnknownCode = 20;

    private const string Damaged = "The error is not valid JSON";

    /// <summary>Finds the error of an answer. Never throws.</summary>
    /// <param name="message">The answer.</param>
    /// <param name="error">What the peer said.</param>
    /// <returns>False when it names no error; a <c>result</c> of false may still mean no.</returns>
    public static bool TryRead(in Message message, out RemoteError error) =>
        TryRead(message.Error, message.RejectReason, out error);

    /// <summary>Reads an error of any shape. Never throws.</summary>
    /// <param name="rawError"><see cref="Message.Error"/>.</param>
    /// <param name="rejectReason"><see cref="Message.RejectReason"/>.</param>
    /// <param name="error">What the peer said.</param>
    /// <returns>False when there is neither: absent, null and false are no error.</returns>
    public static bool TryRead(
        ReadOnlySpan<byte> rawError, ReadOnlySpan<byte> rejectReason, out RemoteError error)
    {
        ReadOnlySpan<byte> raw = rawError.Trim(" \t\r\n"u8);
        if (raw.IsEmpty || raw.SequenceEqual("null"u8) || raw.SequenceEqual("false"u8))
        {
            string reason = Encoding.UTF8.GetString(rejectReason);
            error = new RemoteError(CodeOf(reason), reason);
            return reason.Length > 0;
        }

        error = raw[0] switch
        {
            (byte)'[' => FromArray(raw),
            (byte)'{' => FromObject(raw),
            (byte)'"' => FromString(raw),
            _ => FromScalar(raw),
        };
        return true;
    }

    private static RemoteError FromArray(ReadOnlySpan<byte> raw)
    {
        var list = ValueReader.OfArray(raw, Damaged);
        int code = UnknownCode;
        string text = "";
        if (list.Next())
        {
            // ["text"] is not in the reference, but a text is better than none.
            text = list.Type == JsonTokenType.String ? list.String(Damaged) : "";
            code = CodeIn(ref list);
        }

        if (list.Next())
        {
            text = TextIn(ref list, text);
        }

        return new RemoteError(code, text);
    }

    private static RemoteError FromObject(ReadOnlySpan<byte> raw)
    {
        var members = ValueReader.OfObject(raw, Damaged);
        int code = UnknownCode;
        string text = "";
        while (members.NextMember(out ReadOnlySpan<byte> name))
        {
            if (name.SequenceEqual("code"u8))
            {
                code = CodeIn(ref members);
            }
            else if (name.SequenceEqual("message"u8))
            {
                text = TextIn(ref members, text);
            }
        }

        return new RemoteError(code, text);
    }

    private static RemoteError FromString(ReadOnlySpan<byte> raw)
    {
        var value = ValueReader.OfValue(raw);
        string text = value.String(Damaged);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && int.TryParse(text.AsSpan(0, colon), out int code)
            ? new RemoteError(code, text[(colon + 1)..].TrimStart())
            : new RemoteError(CodeOf(text), text);
    }

    private static RemoteError FromScalar(ReadOnlySpan<byte> raw)
    {
        var value = ValueReader.OfValue(raw);
        return value.Type == JsonTokenType.Number
            ? new RemoteError(CodeIn(ref value), "")
            : new RemoteError(UnknownCode, Encoding.UTF8.GetString(raw));
    }

    private static int CodeIn(scoped ref ValueReader reader)
    {
        string? digits = reader.Type is JsonTokenType.Number or JsonTokenType.String
            ? reader.StringOrNull(Damaged)
            : null;
        return int.TryParse(digits, out int code) ? code : UnknownCode;
    }

    private static string TextIn(scoped ref ValueReader reader, string otherwise) =>
        reader.Type is JsonTokenType.String ? reader.String(Damaged) : otherwise;

    // ckpool's words carry the meaning that others put into the code.
    private static int CodeOf(string reason) => reason switch
    {
        _ when reason.StartsWith("stale", StringComparison.OrdinalIgnoreCase) => 21,
        _ when reason.StartsWith("duplicate", StringComparison.OrdinalIgnoreCase) => 22,
        _ when reason.StartsWith("above target", StringComparison.OrdinalIgnoreCase) => 23,
        _ => UnknownCode,
    };
}
