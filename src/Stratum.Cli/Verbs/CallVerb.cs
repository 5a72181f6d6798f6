using System.CommandLine;
using System.Text.Json;
using Stratum.Client;

namespace Stratum.Cli;

/// <summary><c>call URL METHOD [JSON]</c>: one request to a pool.</summary>
internal static class CallVerb
{
    public static Command Create()
    {
        var url = new Argument<string>("URL") { Description = "stratum+tcp://host:port or stratum+ssl://host:port" };
        var method = new Argument<string>("METHOD") { Description = "For instance mining.subscribe" };
        var parameters = new Argument<string>("JSON") { Description = "The parameters as a JSON array.", DefaultValueFactory = _ => "[]" };
        var timeout = CommonOptions.Duration("--timeout", "How long to wait for the answer");
        var command = new Command("call", "Send one request to a pool and print its result.") { url, method, parameters, timeout };
        command.SetAction(async (result, stop) =>
        {
            var json = result.GetRequiredValue(parameters);
            CheckJson(json);
            var options = StratumClientOptions.Default with
            {
                CallTimeout = result.GetValue(timeout) ?? TimeSpan.FromSeconds(30),
                Reconnect = false,
            };
            await using var client = new StratumClient(options);
            await client.ConnectAsync(result.GetRequiredValue(url), stop);
            var answer = await client.CallAsync(result.GetRequiredValue(method), json, stop);
            Console.WriteLine(answer.GetRawText());
            return Runner.Done;
        });
        return command;
    }

    private static void CheckJson(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Array)
                throw new UsageException("The parameters must be a JSON array: '[\"user\",\"x\"]'.");
        }
        catch (JsonException error)
        {
            throw new UsageException($"The parameters are not JSON: {error.Message}");
        }
    }
}
