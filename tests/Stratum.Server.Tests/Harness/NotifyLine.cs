using System.Text.Json;

namespace Stratum.Server.Tests;

/// <summary>The parameters of a <c>mining.notify</c> as a miner sees them.</summary>
internal sealed record NotifyLine(string JobId, string PreviousHash, string Coinbase1, string Coinbase2,
    IReadOnlyList<string> Branch, string Version, string Bits, string Time, bool Clean)
{
    public static NotifyLine Read(JsonElement message)
    {
        var list = message.GetProperty("params");
        Assert.Equal(9, list.GetArrayLength());
        return new NotifyLine(list[0].GetString()!, list[1].GetString()!, list[2].GetString()!, list[3].GetString()!,
            [.. list[4].EnumerateArray().Select(hash => hash.GetString()!)], list[5].GetString()!, list[6].GetString()!,
            list[7].GetString()!, list[8].GetBoolean());
    }
}
