using System.Text;

namespace Stratum.Protocol;

/// <summary>
/// A line as a log may have it: without what may be a password, and without what would paint on the terminal that
/// shows it.
/// </summary>
public static class LogLine
{
    // Of a name that nobody knows; the library's own are shorter.
    private const int MaxName = 64;

    /// <summary>The line's id, method, params, result and error, as far as they can hold no password.</summary>
    /// <param name="line">The line, with or without its line end, from either side.</param>
    /// <returns>
    /// Answers and the requests that this library knows, except <c>mining.authorize</c>: as they are, without members
    /// that are none of the protocol's. Of all other requests, which may be another protocol's login, the method. Of
    /// what is no message its length: it may be a login that was cut.
    /// </returns>
    public static string Of(ReadOnlySpan<byte> line)
    {
        if (!Message.TryParse(line, out Message message, out _))
        {
            return $"({line.TrimEnd("\r\n"u8).Length} bytes that are no message)";
        }

        StringBuilder text = new("{\"id\":");
        text.Append(message.Id.IsEmpty ? "(none)" : Encoding.UTF8.GetString(message.Id));
        if (message.IsRequest)
        {
            AppendRequest(text, message);
        }
        else
        {
            AppendAnswer(text, message);
        }

        text.Append('}');
        for (int i = 0; i < text.Length; i++)
        {
            text[i] = char.IsControl(text[i]) ? '\uFFFD' : text[i];
        }

        return text.ToString();
    }

    private static void AppendRequest(StringBuilder text, scoped in Message message)
    {
        string method = Encoding.UTF8.GetString(message.Method);
        text.Append(",\"method\":\"").Append(method.AsSpan(0, Math.Min(method.Length, MaxName))).Append("\",\"params\":");
        text.Append(Methods.Find(message.Method) is MethodKind.Unknown or MethodKind.Authorize
            ? "(not shown)"
            : Encoding.UTF8.GetString(message.Params));
    }

    private static void AppendAnswer(StringBuilder text, scoped in Message message)
    {
        text.Append(",\"result\":").Append(Raw(message.Result)).Append(",\"error\":").Append(Raw(message.Error));
        if (!message.RejectReason.IsEmpty)
        {
            text.Append(",\"reject-reason\":\"").Append(Encoding.UTF8.GetString(message.RejectReason)).Append('"');
        }

        static string Raw(ReadOnlySpan<byte> json) => json.IsEmpty ? "null" : Encoding.UTF8.GetString(json);
    }
}
