using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Stratum.Client;
using Stratum.Rpc;

namespace Stratum.Cli;

/// <summary><c>call URL METHOD [JSON]</c>: one request to a pool or an RPC server.</summary>
internal static class CallVerb
{
    private static readonly Argument<string> s_url = new("URL")
    {
        Description = "A pool's stratum+tcp://host:port or stratum+ssl://host:port, or an RPC server's rpc://host:port or http://host:port",
    };

    private static readonly Argument<string> s_method = new("METHOD") { Description = "For instance mining.subscribe or mining.connections" };

    private static readonly Argument<string> s_parameters = new("JSON")
    {
        Description = "The parameters as a JSON array; an RPC server takes an object with their names, too.", DefaultValueFactory = _ => "[]",
    };

    private static readonly Option<string?> s_passwordFile = new("--password-file")
    {
        Description = "File whose first line is the RPC server's password; it becomes the first parameter, or a header.", HelpName = "FILE",
    };

    private static readonly Option<TimeSpan?> s_timeout = CommonOptions.Duration("--timeout", "How long to wait for the answer");

    public static Command Create()
    {
        var command = new Command("call", "Send one request to a pool or an RPC server and print its result.")
        {
            s_url, s_method, s_parameters, s_passwordFile, s_timeout,
        };
        command.SetAction(async (result, stop) =>
        {
            var isRpc = Uri.TryCreate(result.GetRequiredValue(s_url), UriKind.Absolute, out var url) && RpcClient.IsRpcUrl(url);
            var answer = await (isRpc ? CallRpcAsync(result, url!, stop) : CallPoolAsync(result, stop));
            Console.WriteLine(answer.GetRawText());
            return Runner.Done;
        });
        return command;
    }

    private static async Task<JsonElement> CallPoolAsync(ParseResult result, CancellationToken stop)
    {
        if (result.GetValue(s_passwordFile) is not null)
            throw new UsageException("--password-file is for RPC servers (rpc://, http://): a pool's worker gives its password in mining.authorize.");
        var parameters = ReadJson(result);
        if (parameters is not JsonArray)
            throw new UsageException("The parameters must be a JSON array: '[\"user\",\"x\"]'.");
        var options = StratumClientOptions.Default with { CallTimeout = Timeout(result), Reconnect = false };
        await using var client = new StratumClient(options);
        await client.ConnectAsync(result.GetRequiredValue(s_url), stop);
        return await client.CallAsync(result.GetRequiredValue(s_method), parameters.ToJsonString(), stop);
    }

    private static async Task<JsonElement> CallRpcAsync(ParseResult result, Uri url, CancellationToken stop)
    {
        var parameters = ReadJson(result);
        if (parameters is not (JsonArray or JsonObject))
            throw new UsageException("The parameters must be a JSON array, or an object with their names: '[\"data\",\"bitcoin\"]'.");
        using var client = RpcClient.Create(new RpcClientOptions
        {
            Url = url, PasswordFile = result.GetValue(s_passwordFile), Timeout = Timeout(result),
        });
        return await client.CallAsync(result.GetRequiredValue(s_method), parameters, cancellationToken: stop);
    }

    private static TimeSpan Timeout(ParseResult result) => result.GetValue(s_timeout) ?? TimeSpan.FromSeconds(30);

    private static JsonNode? ReadJson(ParseResult result)
    {
        try
        {
            return JsonNode.Parse(result.GetRequiredValue(s_parameters));
        }
        catch (JsonException error)
        {
            throw new UsageException($"The parameters are not JSON: {error.Message}");
        }
    }
}
