using System.Text.Json;
using Stratum.Mining;

namespace Stratum.Simulation;

/// <summary>Calls that miners and pools live on.</summary>
internal static class MiningCalls
{
    private const int InvalidParameter = -8;
    private const int NotConnected = -9;
    private const int InDownload = -10;
    private const int Undecodable = -22;

    public static IEnumerable<RpcMethod> Create(SimulatedDaemon daemon)
    {
        var chain = daemon.Chain;
        yield return new RpcMethod("getblocktemplate", ["template_request"],
            (arguments, result, cancelled) => TemplateAsync(daemon, arguments[0], result, cancelled));
        yield return RpcMethod.Of("submitblock", ["hexdata", "dummy"], (arguments, result) =>
            WriteVerdict(result, Submit(daemon, arguments.String(0))));
        yield return RpcMethod.Of("getmininginfo", [], (_, result) => WriteMiningInfo(chain, result));
        yield return RpcMethod.Of("getnetworkhashps", ["nblocks", "height"], (_, result) =>
            result.WriteNumberValue(HashesPerSecond(chain)));
        yield return new RpcMethod("generatetoaddress", ["nblocks", "address", "maxtries"],
            (arguments, result, cancelled) =>
            {
                Generate(daemon, arguments, result, cancelled);
                return ValueTask.CompletedTask;
            });
    }

    private static async ValueTask TemplateAsync(
        SimulatedDaemon daemon, JsonElement request, Utf8JsonWriter result, CancellationToken cancelled)
    {
        if (request.ValueKind is not (JsonValueKind.Object or JsonValueKind.Undefined))
        {
            throw new SimulatedRpcException(-3, "Expected type object");
        }

        string mode = Member(request, "mode") switch
        {
            { ValueKind: JsonValueKind.Undefined or JsonValueKind.Null } => "template",
            { ValueKind: JsonValueKind.String } given => given.GetString()!,
            _ => "",
        };
        if (mode == "proposal")
        {
            string data = Member(request, "data") is { ValueKind: JsonValueKind.String } hex ? hex.GetString()!
                : throw new SimulatedRpcException(-3, "Missing data String key for proposal");
            WriteVerdict(result, Try(data, daemon.Chain.ProposeBlock));
            return;
        }

        if (mode != "template")
        {
            throw new SimulatedRpcException(InvalidParameter, "Invalid mode");
        }

        RequireReady(daemon);
        if (Member(request, "longpollid") is { ValueKind: JsonValueKind.String } longPoll)
        {
            await WaitAsync(daemon, longPoll.GetString()!, cancelled).ConfigureAwait(false);
            RequireReady(daemon);
        }

        RequireRules(daemon.Chain, Member(request, "rules"));
        TemplateJson.Write(result, daemon.Chain);
    }

    private static void RequireReady(SimulatedDaemon daemon)
    {
        if (daemon.Peers <= 0)
        {
            throw new SimulatedRpcException(NotConnected, "Stratum Simulation is not connected!");
        }

        if (daemon.Mood == SimulatedDaemonMood.Syncing)
        {
            throw new SimulatedRpcException(
                InDownload, "Stratum Simulation is in initial sync and waiting for blocks...");
        }
    }

    private static void RequireRules(SimulatedChain chain, JsonElement given)
    {
        string?[] rules = given.ValueKind != JsonValueKind.Array ? []
            : [.. given.EnumerateArray().Where(r => r.ValueKind == JsonValueKind.String).Select(r => r.GetString())];
        var wanted = chain.HasWitness ? chain.Coin.TemplateRules : [];
        if (chain.SignetChallenge is not null && !rules.Contains("signet"))
        {
            RefuseRules("signet", [.. wanted, "signet"]);
        }

        if (wanted.Any(rule => !rules.Contains(rule)))
        {
            RefuseRules(string.Join(" & ", wanted.Reverse()), wanted);
        }
    }

    private static void RefuseRules(string names, IReadOnlyList<string> rules)
    {
        string list = string.Join(", ", rules.Select(rule => $"\"{rule}\""));
        throw new SimulatedRpcException(InvalidParameter, $"getblocktemplate must be called with the {names} rule " +
            $"set{(names.Contains('&') ? "s" : "")} (call with {{\"rules\": [{list}]}})");
    }

    private static async Task WaitAsync(SimulatedDaemon daemon, string longPollId, CancellationToken cancelled)
    {
        var chain = daemon.Chain;
        using var patience = new CancellationTokenSource(daemon.Options.MempoolPollDelay, chain.Options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancelled);
        await chain.WaitForChangeAsync(longPollId, cancelled).ConfigureAwait(false);
        try
        {
            // Only the mempool or the difficulty moved: a new tip may still come within the delay.
            while (!patience.IsCancellationRequested
                && longPollId.StartsWith(chain.Tip.Hash.ToString(), StringComparison.Ordinal))
            {
                await chain.WaitForChangeAsync(chain.GetTemplate().LongPollId, either.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!cancelled.IsCancellationRequested)
        {
        }
    }

    private static void Generate(
        SimulatedDaemon daemon, RpcArguments arguments, Utf8JsonWriter result, CancellationToken cancelled)
    {
        long count = arguments.Integer(0);
        long tries = arguments.Integer(2, 1_000_000);
        if (!Address.TryParse(arguments.String(1), daemon.Chain.Coin, daemon.Chain.Network, out var address, out _))
        {
            throw new SimulatedRpcException(-5, "Error: Invalid address");
        }

        result.WriteStartArray();
        for (long i = 0; i < count; i++)
        {
            cancelled.ThrowIfCancellationRequested();
            bool work = !daemon.Options.GenerateWithoutWork;
            if (daemon.Chain.Generate(address!.ScriptPubKey, ref tries, work, cancelled) is not { } block)
            {
                break;
            }

            result.WriteStringValue(block.Hash.ToString());
        }

        result.WriteEndArray();
    }

    private static void WriteMiningInfo(SimulatedChain chain, Utf8JsonWriter result)
    {
        var snapshot = chain.Snapshot();
        result.WriteStartObject();
        result.WriteNumber("blocks", snapshot.Template.Height - 1);
        result.WriteNumber("difficulty", Reported(snapshot.Template.Bits));
        result.WriteNumber("networkhashps", HashesPerSecond(chain));
        result.WriteNumber("pooledtx", snapshot.Waiting.Count);
        result.WriteString("chain", chain.Network.ChainName);
        result.WriteString("warnings", "");
        result.WriteEndObject();
    }

    /// <summary>What daemons call difficulty: by sha256d's target of difficulty 1, whatever the algorithm.</summary>
    public static double Reported(CompactTarget bits) => bits.ToTarget().ToDifficulty().Value;

    /// <summary>Expected hashes of the last blocks over the time that they took.</summary>
    private static double HashesPerSecond(SimulatedChain chain)
    {
        const int Blocks = 120;
        var last = chain.Tip;
        double work = 0;
        var first = last;
        for (int i = 0; i < Blocks && chain.FindBlock(first.Height - 1) is { } below; i++)
        {
            work += (double)ChainStore.WorkOf(first.Header.Bits);
            first = below;
        }

        // The clock of headers stands still within a second; when the blocks arrived is known better here.
        double seconds = (last.ReceivedAt - first.ReceivedAt).TotalSeconds;
        return seconds > 0 ? work / seconds : 0;
    }

    private static string? Submit(SimulatedDaemon daemon, string block) => daemon.BlockRefusal switch
    {
        null => Try(block, daemon.Chain.SubmitBlock),
        { Code: { } code } refusal => throw new SimulatedRpcException(code, refusal.Text),
        var refusal => refusal.Text,
    };

    private static string? Try(string hex, Func<ReadOnlyMemory<byte>, string?> take)
    {
        try
        {
            return take(Convert.FromHexString(hex));
        }
        catch (FormatException)
        {
            throw new SimulatedRpcException(Undecodable, "Block decode failed");
        }
    }

    private static void WriteVerdict(Utf8JsonWriter result, string? verdict)
    {
        if (verdict is null)
        {
            result.WriteNullValue();
        }
        else
        {
            result.WriteStringValue(verdict);
        }
    }

    private static JsonElement Member(JsonElement request, string name) =>
        request.ValueKind == JsonValueKind.Object && request.TryGetProperty(name, out var member) ? member : default;
}
