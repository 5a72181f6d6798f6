using System.Globalization;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Stratum.Protocol;

namespace Stratum.Bench;

/// <summary>A line of mining.submit to its fields.</summary>
public class ParseSubmit
{
    [Benchmark(Baseline = true)]
    public uint JsonDocumentAndStrings()
    {
        using var document = JsonDocument.Parse(Samples.SubmitLine);
        var message = document.RootElement;
        var id = message.GetProperty("id").GetRawText();
        if (message.GetProperty("method").GetString() != "mining.submit")
            return 0;
        var list = message.GetProperty("params");
        var worker = list[0].GetString()!;
        var job = list[1].GetString()!;
        var extranonce2 = Convert.FromHexString(list[2].GetString()!);
        return Number(list[3]) ^ Number(list[4]) ^ Number(list[5])
            ^ (uint)(id.Length + worker.Length + job.Length + extranonce2.Length);
    }

    [Benchmark]
    public uint Ours()
    {
        if (!Message.TryParse(Samples.SubmitLine, out var message, out _) || Methods.Find(message.Method) != MethodKind.Submit
            || !SubmitRequest.TryRead(message.Params, out var share, out _))
            return 0;
        return share.Time ^ share.Nonce ^ share.VersionBits
            ^ (uint)(message.Id.Length + share.Worker.Length + share.JobId.Length + share.Extranonce2.Length);
    }

    private static uint Number(JsonElement hex) => uint.Parse(hex.GetString()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
