using System.Text;

namespace Stratum.BlockNotify;

/// <summary>
/// The request's bytes: <c>{"method":"mining.update_block","params":["cGFzcw==","0000...","bitcoin"],"id":1}</c> and a
/// newline. Without a password the parameters begin with the hash.
/// </summary>
internal static class RpcRequest
{
    public static byte[] Write(NotifyOptions options)
    {
        var text = new StringBuilder(256);
        text.Append("{\"method\":\"").Append(options.Method).Append("\",\"params\":[");
        if (options.Password is { } password)
            Quote(text, password).Append(',');
        Quote(text, options.Data).Append(',');
        Quote(text, options.Source).Append("],\"id\":1}\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    // JSON wants no more than these escaped; half a surrogate pair becomes U+FFFD when it is made bytes.
    private static StringBuilder Quote(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            if (c is '"' or '\\')
                text.Append('\\').Append(c);
            else if (c < ' ')
                text.Append(c < 16 ? "\\u000" : "\\u001").Append("0123456789abcdef"[c & 15]);
            else
                text.Append(c);
        }
        return text.Append('"');
    }
}
