using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Stratum.Simulation.Tests;

/// <summary>A chain, its daemon, and a caller over a real socket.</summary>
internal sealed class DaemonFixture : IAsyncDisposable
{
    private DaemonFixture(SimulatedChain chain, SimulatedDaemon daemon)
    {
        Chain = chain;
        Daemon = daemon;
    }

    public SimulatedChain Chain { get; }
    public SimulatedDaemon Daemon { get; }
    public HttpClient Http { get; } = new() { Timeout = TimeSpan.FromSeconds(60) };

    public static async Task<DaemonFixture> StartAsync(
        SimulatedChainOptions? chain = null, SimulatedDaemonOptions? options = null)
    {
        var simulated = new SimulatedChain(chain ?? new SimulatedChainOptions
        {
            JobInterval = Timeout.InfiniteTimeSpan,
            BlockTime = TimeSpan.FromHours(1),
        });
        var fixture = new DaemonFixture(simulated, new SimulatedDaemon(simulated, options));
        await fixture.Daemon.StartAsync(TestContext.Current.CancellationToken);
        fixture.LogIn();
        return fixture;
    }

    public void LogIn(string? userAndPassword = null) =>
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(
            Encoding.UTF8.GetBytes(userAndPassword ?? File.ReadAllText(Daemon.CookieFile!))));

    public async Task<(HttpStatusCode Status, string Body)> PostAsync(string body, string path = "")
    {
        using var content = new StringContent(body);
        using var response = await Http.PostAsync(
            new Uri(Daemon.Url, path), content, TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>The whole answer.</summary>
    public async Task<JsonElement> AnswerAsync(string method, params JsonNode?[] parameters)
    {
        var request = new JsonObject { ["id"] = 1, ["method"] = method, ["params"] = new JsonArray(parameters) };
        var (_, body) = await PostAsync(request.ToJsonString());
        return JsonDocument.Parse(body).RootElement;
    }

    /// <summary>The result; an error fails the test.</summary>
    public async Task<JsonElement> CallAsync(string method, params JsonNode?[] parameters)
    {
        var answer = await AnswerAsync(method, parameters);
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("error").ValueKind);
        return answer.GetProperty("result");
    }

    /// <summary>The error's code.</summary>
    public async Task<int> ErrorAsync(string method, params JsonNode?[] parameters)
    {
        var answer = await AnswerAsync(method, parameters);
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("result").ValueKind);
        return answer.GetProperty("error").GetProperty("code").GetInt32();
    }

    public Task<JsonElement> TemplateAsync(string? longPollId = null)
    {
        bool signet = Chain.Network.ChainName == "signet";
        JsonNode[] rules = [.. Chain.Coin.TemplateRules, .. signet ? ["signet"] : Array.Empty<string>()];
        var request = new JsonObject { ["rules"] = new JsonArray(rules) };
        if (longPollId is not null)
        {
            request["longpollid"] = longPollId;
        }

        return CallAsync("getblocktemplate", request);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Daemon.DisposeAsync();
        Chain.Dispose();
    }
}
