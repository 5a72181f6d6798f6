using System.Text;

namespace Stratum.BlockNotify;

/// <summary>What the server said: JSON, with or without a newline after it.</summary>
internal static class RpcAnswer
{
    private const int MaxShown = 300;

    /// <summary>False when more has to come.</summary>
    /// <param name="bytes">All that came.</param>
    /// <param name="isAll">No more will come.</param>
    /// <param name="failure">Null when the answer is a result, else what it is instead.</param>
    public static bool TryRead(ReadOnlySpan<byte> bytes, bool isAll, out string? failure)
    {
        var scan = new JsonScan(bytes);
        var isWhole = false;
        var hasResult = false;
        failure = null;
        if (scan.Take('{'))
            while (!(isWhole = scan.Take('}')) && scan.TakeMember(out var name, out var value))
                if (name.SequenceEqual("\"result\""u8))
                    hasResult = true;
                else if (name.SequenceEqual("\"error\""u8) && !value.SequenceEqual("null"u8))
                    failure = $"refused: {Shown(value)}";
        if (!isWhole && scan.IsAtEnd && !isAll)
            return false;
        if (!isWhole)
            failure = bytes.IsEmpty
                ? "closed the connection without an answer. Is it the pool's RPC port, and does it speak TCP (--rpc-mode tcp)?"
                : $"answered with what is no JSON-RPC: {Shown(bytes)} Is it the pool's RPC port?";
        else if (failure is null && !hasResult)
            failure = $"answered with neither a result nor an error: {Shown(bytes)} Is it the pool's RPC port?";
        return true;
    }

    private static string Shown(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.UTF8.GetString(bytes).Trim();
        return text.Length <= MaxShown ? text : text[..MaxShown] + "...";
    }
}
