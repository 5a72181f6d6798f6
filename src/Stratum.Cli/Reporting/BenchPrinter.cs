using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Stratum.Simulation;

namespace Stratum.Cli;

/// <summary>What a load run has measured, for programs and for people.</summary>
internal static class BenchPrinter
{
    // Nobody puts it into HTML: the plus of stratum+tcp stays one.
    private static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Json(LoadReport report)
    {
        var options = report.Options;
        var submits = options.Mode is LoadMode.Submit or LoadMode.Solve;
        var json = new JsonObject
        {
            ["mode"] = ModeOf(report),
            ["url"] = options.Url.ToString(),
            ["connections"] = options.Connections,
            ["window"] = submits && options.Rate is null ? options.Window ?? 1 : null,
            ["rate"] = options.Rate,
            ["seconds"] = Rounded(report.Measured.TotalSeconds),
            ["operations"] = report.Operations,
            ["perSecond"] = Rounded(report.PerSecond),
            ["latencyMicroseconds"] = new JsonObject
            {
                ["p50"] = Rounded(report.Latency.P50),
                ["p90"] = Rounded(report.Latency.P90),
                ["p99"] = Rounded(report.Latency.P99),
                ["p999"] = Rounded(report.Latency.P999),
                ["max"] = Rounded(report.Latency.Max),
            },
            ["answers"] = new JsonObject
            {
                ["accepted"] = report.Answers.Accepted,
                ["lowDifficulty"] = report.Answers.LowDifficulty,
                ["stale"] = report.Answers.Stale,
                ["duplicate"] = report.Answers.Duplicate,
                ["otherRefused"] = report.Answers.OtherRefused,
            },
            ["broadcasts"] = new JsonObject
            {
                ["count"] = report.Broadcasts,
                ["incomplete"] = report.IncompleteBroadcasts,
                ["spreadMicroseconds"] = new JsonObject { ["p50"] = Rounded(report.Spread.P50), ["max"] = Rounded(report.Spread.Max) },
            },
            ["lost"] = new JsonObject { ["connections"] = report.LostConnections, ["replies"] = report.LostReplies },
        };
        if (report.Server is { } server)
            json["server"] = new JsonObject
            {
                ["pid"] = server.Pid,
                ["cpuSeconds"] = Rounded(server.ProcessorTime?.TotalSeconds, 6),
                ["cpuMicrosecondsPerOperation"] = Rounded(server.MicrosecondsPerOperation),
                ["memoryBytesPerSession"] = Rounded(server.BytesPerSession),
                ["residentBytes"] = server.ResidentBytes,
            };
        json["generator"] = new JsonObject { ["cpuMicrosecondsPerOperation"] = Rounded(report.GeneratorMicrosecondsPerOperation) };
        return json.ToJsonString(s_plain);
    }

    public static string Text(LoadReport report)
    {
        var options = report.Options;
        var text = new StringBuilder();
        Line("server", $"{options.Url}, {options.Connections} {(options.Connections == 1 ? "session" : "sessions")}");
        if (options.Rate is { } rate)
            Line("mode", $"{ModeOf(report)}, {rate:0.###} a second");
        else if (options.Mode is LoadMode.Submit or LoadMode.Solve)
            Line("mode", $"{ModeOf(report)}, window {options.Window ?? 1}");
        else
            Line("mode", ModeOf(report));
        Line("measured", $"{report.Measured.TotalSeconds:0.00} s");
        if (options.Mode != LoadMode.Idle)
            Line(OperationsOf(options.Mode), $"{report.Operations}, {report.PerSecond:0} a second");
        if (options.Mode is not (LoadMode.Idle or LoadMode.Broadcast))
        {
            var latency = report.Latency;
            Line("latency", $"p50 {latency.P50:0} us, p90 {latency.P90:0}, p99 {latency.P99:0}, p99.9 {latency.P999:0}, max {latency.Max:0}");
        }
        if (options.Mode is LoadMode.Submit or LoadMode.Solve)
        {
            var answers = report.Answers;
            Line("answers", $"{answers.Accepted} accepted, {answers.LowDifficulty} of low difficulty, {answers.Stale} stale, "
                + $"{answers.Duplicate} duplicate, {answers.OtherRefused} refused otherwise");
        }
        if (report.Refusals.Count > 0)
            Line("refusals", Printable.Of(string.Join("; ", report.Refusals)));
        if (options.Mode != LoadMode.Connect)
            Line("broadcasts", (report.Broadcasts == 0 ? "none" : $"{report.Broadcasts}, from the first session to the last: "
                + $"p50 {report.Spread.P50:0} us, max {report.Spread.Max:0}")
                + (report.IncompleteBroadcasts == 0 ? "" : $"; {report.IncompleteBroadcasts} more did not come to all sessions"));
        Line("lost", $"{report.LostConnections} connections, {report.LostReplies} replies");
        if (report.Server is { } server)
            Line("server cpu", server.ProcessorTime is not { } time ? "its process has ended" : $"{time.TotalSeconds:0.00} s"
                + (server.MicrosecondsPerOperation is { } one ? $", {one:0.00} us an operation" : ""));
        if (report.Server?.ResidentBytes is { } resident)
            Line("server memory", $"{resident / 1e6:0.0} MB"
                + (report.Server.BytesPerSession is { } bytes ? $", grown by {bytes / 1024:0.00} KB a session" : ""));
        if (report.GeneratorMicrosecondsPerOperation is { } own)
            Line("generator cpu", $"{own:0.00} us an operation");
        return text.ToString().TrimEnd();

        void Line(string name, string value) => text.Append(name.PadRight(16)).Append(value).Append('\n');
    }

    private static string ModeOf(LoadReport report) => report.Options.Mode.ToString().ToLowerInvariant();

    private static string OperationsOf(LoadMode mode) => mode switch
    {
        LoadMode.Broadcast => "jobs received",
        LoadMode.Connect => "logins",
        _ => "replies",
    };

    private static double? Rounded(double? value, int digits = 3) => value is { } number ? Math.Round(number, digits) : null;
}
