using System.Globalization;
using System.Text.Json;

namespace Stratum.Bench;

/// <summary>A submit as servers handle it at first: a document, strings, an anonymous answer.</summary>
internal sealed class OldSession(OldJudge judge, string jobId, string worker)
{
    public byte[] Answer(ReadOnlySpan<byte> line)
    {
        using var document = JsonDocument.Parse(line.ToArray());
        var message = document.RootElement;
        var id = message.GetProperty("id").GetInt64();
        var list = message.GetProperty("params");
        var code = list[0].GetString() != worker ? 24
            : list[1].GetString() != jobId ? 21
            : judge.Judge(Convert.FromHexString(list[2].GetString()!), Number(list[3]), Number(list[4]), 0);
        object?[]? error = code == 0 ? null : [code, "Refused", null];
        return [.. JsonSerializer.SerializeToUtf8Bytes(new { id, result = code == 0, error }), (byte)'\n'];
    }

    private static uint Number(JsonElement hex) => uint.Parse(hex.GetString()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
