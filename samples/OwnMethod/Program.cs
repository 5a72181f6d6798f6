// Methods of your own, and a look at every request.
//   dotnet run --project samples/OwnMethod -- 3333
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using Stratum.Protocol;
using Stratum.Server;

var port = args is [var first, ..] ? int.Parse(first) : 3333;
await using var server = new StratumServer(new StratumServerOptions { Port = port });

// A lambda: the session, if you like, then one parameter for each element of "params". The result is any value.
//   {"id":1,"method":"sample.add","params":[2,3]}  ->  {"id":1,"result":5,"error":null}
server.Map("sample.add", (int a, int b) => a + b);

// A task: the session's next request waits for its answer, other sessions do not.
server.Map("sample.later", async (StratumSession session, string text, int milliseconds = 1) =>
{
    await Task.Delay(milliseconds, session.Closed);
    return new { session.Id, Text = text.ToUpperInvariant() };
});

// Without reflection, for programs that are trimmed or compiled ahead of time: the whole "params" is one value.
//   {"id":2,"method":"sample.stats","params":["alice","bob"]}
server.Map(
    "sample.stats",
    (session, workers) => ValueTask.FromResult(new Stats(session.Accepted, workers)),
    SampleJson.Default.StringArray,
    SampleJson.Default.Stats);

// A refusal, with a third member of the error.
server.Map("sample.refuse", string (int code) => throw new StratumException(code, "No", """{"why":"because"}"""));

// Sees every request first, where its bytes arrived; the request lives on the stack, so nothing of it is kept.
server.OnRequest((session, request) => request.MethodUtf8 switch
{
    var method when method.SequenceEqual("sample.time"u8) => RequestOutcome.Answer("\"now\""),
    var method when method.StartsWith("admin."u8) => RequestOutcome.Reject(-32, "Not from here", """["admin"]"""),
    _ => RequestOutcome.Pass,
});

await server.StartAsync();
Console.WriteLine($"listening on port {server.Port}");
var end = new TaskCompletionSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
await end.Task;

void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    end.TrySetResult();
}

internal sealed record Stats(long Accepted, string[] Workers);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(Stats))]
internal sealed partial class SampleJson : JsonSerializerContext;
