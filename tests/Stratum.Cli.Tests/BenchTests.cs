using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using Stratum.Testing;

namespace Stratum.Cli.Tests;

/// <summary><c>bench</c> from outside; what it measures is proven in Stratum.Simulation.Tests/Load.</summary>
public sealed class BenchTests
{
    [Theory]
    [InlineData("submit", "--window", "3")]
    [InlineData("submit", "--rate", "200")]
    [InlineData("solve", "--window", "1")]
    [InlineData("connect")]
    [InlineData("broadcast")]
    [InlineData("idle")]
    public async Task Bench_Json_OneObjectOfTheDocumentedShape(string mode, params string[] pace)
    {
        await using var pool = Command.Start("pool", "--simulate", "--json", "--port", "0", "--difficulty", "0.00000001",
            "--job-interval", "100ms");
        var port = (await pool.EventAsync("listening")).GetProperty("port").GetInt32();
        await using var bench = Command.Start(["bench", $"127.0.0.1:{port}", "--mode", mode, "--connections", "4", "--duration", "1s",
            "--warmup", "200ms", "--user", "someone", "--server-pid", $"{pool.Pid}", "--json", .. pace]);

        Assert.Equal((0, ""), (await bench.ExitCodeAsync(), bench.Errors.Trim()));
        using var document = JsonDocument.Parse(Assert.Single(bench.Lines));
        var json = document.RootElement;

        Assert.Equal(
            ["mode", "url", "connections", "window", "rate", "seconds", "operations", "perSecond", "latencyMicroseconds", "answers", "broadcasts",
                "lost", "server", "generator"],
            Names(json));
        Assert.Equal((mode, $"stratum+tcp://127.0.0.1:{port}", 4),
            (json.GetProperty("mode").GetString(), json.GetProperty("url").GetString(), json.GetProperty("connections").GetInt32()));
        Assert.Equal(pace is ["--window", var window] ? window : "", json.GetProperty("window").ToString());
        Assert.Equal(pace is ["--rate", var rate] ? rate : "", json.GetProperty("rate").ToString());
        Assert.True(json.GetProperty("seconds").GetDouble() >= 0.9);
        Assert.Equal(["p50", "p90", "p99", "p999", "max"], Names(json.GetProperty("latencyMicroseconds")));
        Assert.Equal(["accepted", "lowDifficulty", "stale", "duplicate", "otherRefused"], Names(json.GetProperty("answers")));
        Assert.Equal(["count", "incomplete", "spreadMicroseconds"], Names(json.GetProperty("broadcasts")));
        Assert.Equal(["p50", "max"], Names(json.GetProperty("broadcasts").GetProperty("spreadMicroseconds")));
        Assert.Equal(["connections", "replies"], Names(json.GetProperty("lost")));
        var server = json.GetProperty("server");
        Assert.Equal(["pid", "cpuSeconds", "cpuMicrosecondsPerOperation", "memoryBytesPerSession", "residentBytes"], Names(server));
        Assert.Equal(pool.Pid, server.GetProperty("pid").GetInt32());
        Assert.True(server.GetProperty("cpuSeconds").GetDouble() > 0 && server.GetProperty("residentBytes").GetInt64() > 1_000_000);
        Assert.Equal(["cpuMicrosecondsPerOperation"], Names(json.GetProperty("generator")));

        var operations = json.GetProperty("operations").GetInt64();
        var answered = json.GetProperty("answers").EnumerateObject().Sum(kind => kind.Value.GetInt64());
        Assert.Equal(mode is "submit" or "solve" ? operations : 0, answered);
        Assert.Equal(mode == "idle", operations == 0);
        Assert.Equal(mode == "idle" ? JsonValueKind.Null : JsonValueKind.Number, server.GetProperty("cpuMicrosecondsPerOperation").ValueKind);
        Assert.Equal(mode == "connect" ? JsonValueKind.Null : JsonValueKind.Number, server.GetProperty("memoryBytesPerSession").ValueKind);
        Assert.Equal(mode != "connect", json.GetProperty("broadcasts").GetProperty("count").GetInt32() > 0);
    }

    [Fact]
    public async Task Bench_Text_SaysWhatPeopleWantToKnow()
    {
        await using var pool = Command.Start("pool", "--simulate", "--json", "--port", "0", "--difficulty", "1000");
        var port = (await pool.EventAsync("listening")).GetProperty("port").GetInt32();
        await using var bench = Command.Start(
            "bench", $"127.0.0.1:{port}", "--connections", "2", "--duration", "300ms", "--warmup", "1ms", "--server-pid", $"{pool.Pid}");

        Assert.Equal(0, await bench.ExitCodeAsync());
        foreach (var name in (string[])["server", "mode", "measured", "replies", "latency", "answers", "refusals", "broadcasts", "lost", "server cpu",
            "server memory", "generator cpu"])
            Assert.Contains(bench.Lines, line => line.StartsWith(name.PadRight(16), StringComparison.Ordinal));
        Assert.Contains(bench.Lines, line => line.Contains("Low difficulty share (23)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Bench_Interrupted_ReportsWhatItHas()
    {
        await using var pool = Command.Start("pool", "--simulate", "--json", "--port", "0", "--difficulty", "0.00000001");
        var port = (await pool.EventAsync("listening")).GetProperty("port").GetInt32();
        await using var bench = Command.Start("bench", $"127.0.0.1:{port}", "--duration", "1h", "--connections", "1", "--warmup", "1ms", "--json");
        await pool.EventAsync("share");

        Assert.Equal(0, await bench.SignalAsync(PosixSignal.SIGINT));
        using var json = JsonDocument.Parse(Assert.Single(bench.Lines));
        Assert.InRange(json.RootElement.GetProperty("seconds").GetDouble(), 0, 120);
    }

    [Fact]
    public async Task Bench_NobodyListens_FailsWithTheReason()
    {
        await using var bench = Command.Start("bench", $"127.0.0.1:{FreePort.Next()}", "--json");
        Assert.Equal(1, await bench.ExitCodeAsync());
        Assert.StartsWith("Cannot connect: Connection refused", bench.Errors.Trim());
        using var json = JsonDocument.Parse(Assert.Single(bench.Lines));
        Assert.True(json.RootElement.GetProperty("lost").GetProperty("connections").GetInt64() > 0);
    }

    [Fact]
    public async Task Bench_ServerThatIsNone_FailsWithWhatItSent()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var bench = Command.Start("bench", $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}", "--connections", "1");
        using var client = await listener.AcceptTcpClientAsync();
        await client.GetStream().WriteAsync("220 mail.example ESMTP\r\n"u8.ToArray());
        Assert.Equal(1, await bench.ExitCodeAsync());
        Assert.Contains("no message", bench.LastError, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--i-own-this-server", "192.0.2.1:3333")]
    [InlineData("Window and Rate are both set", "127.0.0.1:1", "--window", "1", "--rate", "5")]
    [InlineData("idle hands in no shares", "127.0.0.1:1", "--mode", "idle", "--window", "1")]
    [InlineData("Connections is 0", "127.0.0.1:1", "--connections", "0")]
    [InlineData("1 ms to 1 h", "127.0.0.1:1", "--duration", "2h")]
    [InlineData("has no port", "127.0.0.1")]
    [InlineData("dance", "127.0.0.1:1", "--mode", "dance")]
    [InlineData("no process", "127.0.0.1:1", "--server-pid", "2147483647")]
    public async Task Bench_BadUsage_ExitCode2WithWhatToChange(string text, params string[] arguments)
    {
        await using var bench = Command.Start(["bench", .. arguments]);
        Assert.Equal(2, await bench.ExitCodeAsync());
        Assert.Contains(text, bench.Errors, StringComparison.Ordinal);
        Assert.Empty(bench.Lines);
    }

    private static string[] Names(JsonElement json) => [.. json.EnumerateObject().Select(member => member.Name)];
}
