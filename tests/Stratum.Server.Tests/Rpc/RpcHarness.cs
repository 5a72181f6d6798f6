using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Stratum.Rpc;
using Stratum.Testing;

namespace Stratum.Server.Tests;

/// <summary>An RPC server on a free port, and raw callers.</summary>
internal sealed class RpcHarness : IAsyncDisposable
{
    public const string Password = "correct horse";
    public const string Hash = "000000000000000000000000000000000000000000000000000000000000abcd";

    public RpcHarness(Action<RpcServerOptions>? configure = null)
    {
        var options = new RpcServerOptions { Port = 0, Mode = RpcMode.Both, LoggerFactory = Log };
        configure?.Invoke(options);
        Server = new RpcServer(options);
    }

    public RpcServer Server { get; }

    public ListLoggers Log { get; } = new() { Least = Microsoft.Extensions.Logging.LogLevel.Trace };

    public HttpClient Http { get; } = new() { Timeout = TimeSpan.FromSeconds(60) };

    public Uri Url => new($"http://127.0.0.1:{Server.Port}/");

    public static async Task<RpcHarness> StartAsync(Action<RpcServerOptions>? configure = null)
    {
        var harness = new RpcHarness(configure);
        await harness.Server.StartAsync();
        return harness;
    }

    public static void WithPassword(RpcServerOptions options) => options.PasswordHashes.Add(RpcPassword.Hash(Password));

    public async Task<RpcCaller> ConnectAsync(IPAddress? from = null) => await RpcCaller.ConnectAsync(Server.Port, from);

    public async Task<(HttpStatusCode Status, string Body)> PostAsync(string body, AuthenticationHeaderValue? authorization = null)
    {
        using var response = await SendAsync(body, authorization: authorization);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public async Task<HttpResponseMessage> SendAsync(
        string body, string type = "application/json", AuthenticationHeaderValue? authorization = null, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Url) { Content = new StringContent(body, Encoding.UTF8, type) };
        request.Headers.Authorization = authorization;
        change?.Invoke(request);
        return await Http.SendAsync(request);
    }

    /// <summary>An honest caller is answered, whatever others do.</summary>
    public async Task AssertServesAsync(string? password = null)
    {
        var parameters = password is null ? $"[\"{Hash}\"]" : $"[\"{RpcPassword.ToParameter(password)}\",\"{Hash}\"]";
        // From an address of its own: what is held against others is not its affair.
        await using var caller = await ConnectAsync(IPAddress.Parse("127.0.0.77"));
        Assert.Equal("""{"result":true,"error":null,"id":"honest"}""",
            await caller.CallAsync($$"""{"method":"mining.block","params":{{parameters}},"id":"honest"}"""));
    }

    /// <summary>A new connection is reset before it says a word.</summary>
    public async Task AssertResetAsync()
    {
        try
        {
            await using var caller = await ConnectAsync();
            Assert.Null(await caller.ReadLineAsync());
        }
        catch (SocketException)
        {
            // The reset was quicker than the connect.
        }
    }

    /// <summary>At the end of a test: HTTP's kept connections are closed.</summary>
    public Task AssertNoConnectionsAsync()
    {
        Http.Dispose();
        return Until.TrueAsync(() => Server.ConnectionCount == 0, "a connection stayed");
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Server.DisposeAsync();
    }

    public static int ErrorOf(string? answer) =>
        JsonDocument.Parse(answer!).RootElement.GetProperty("error").GetProperty("code").GetInt32();
}
