using System.Text;
using System.Text.Json;
using Stratum.Testing;

namespace Stratum.Rpc.Tests;

/// <summary>Who we say we are: cookie, password file, password; and that no text gives it away.</summary>
public sealed class CredentialsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task CallAsync_CookieFile_IsSentAsBasic()
    {
        string cookie = _folder.Write(".cookie", "__cookie__:c0ffee");
        await using var server = new RawHttpServer(r => RawHttpReply.Result($"\"{r.Authorization}\""));
        using var client = new JsonRpcHttpClient(new() { Url = server.Url, CookieFile = cookie });

        Assert.Equal(Basic("__cookie__:c0ffee"), await AskAsync(client));
    }

    [Theory]
    [InlineData("geheim:ä")]
    [InlineData("geheim:ä\n")]
    [InlineData("geheim:ä\r\nsecond line\n")]
    [InlineData("\uFEFFgeheim:ä\n")]
    public async Task CallAsync_PasswordFile_SendsItsFirstLine(string content)
    {
        string file = _folder.Write("password", content);
        await using var server = new RawHttpServer(r => RawHttpReply.Result($"\"{r.Authorization}\""));
        using var client = new JsonRpcHttpClient(new() { Url = server.Url, User = "anna", PasswordFile = file });

        Assert.Equal(Basic("anna:geheim:ä"), await AskAsync(client));
    }

    [Fact]
    public async Task CallAsync_CookieRewritten_IsReadAgainOnce()
    {
        string cookie = _folder.Write(".cookie", "__cookie__:old");
        var seen = new List<string?>();
        await using var server = new RawHttpServer(r =>
        {
            seen.Add(r.Authorization);
            return r.Authorization == Basic("__cookie__:new") ? RawHttpReply.Result("1") : RawHttpReply.Unauthorized;
        });
        using var client = new JsonRpcHttpClient(new() { Url = server.Url, CookieFile = cookie });

        // The first 401 finds the same cookie: nothing else to try. Then the daemon writes a new one.
        await Assert.ThrowsAsync<RpcTransportException>(() => AskAsync(client));
        _folder.Write(".cookie", "__cookie__:new");
        await client.CallAsync("x", cancellationToken: Ct);
        await client.CallAsync("x", cancellationToken: Ct);

        string old = Basic("__cookie__:old"), fresh = Basic("__cookie__:new");
        Assert.Equal([old, old, fresh, fresh], seen);
    }

    [Fact]
    public async Task CallAsync_AlwaysRefused_TriesNoMoreThanTwice()
    {
        int asked = 0;
        string cookie = _folder.Write(".cookie", "__cookie__:0");
        await using var server = new RawHttpServer(_ =>
        {
            _folder.Write(".cookie", $"__cookie__:{++asked}");
            return RawHttpReply.Unauthorized;
        });
        using var client = new JsonRpcHttpClient(new() { Url = server.Url, CookieFile = cookie });

        var e = await Assert.ThrowsAsync<RpcTransportException>(() => AskAsync(client));

        Assert.Equal(2, asked);
        Assert.Equal(RpcTransportFailure.Unauthorized, e.Failure);
        Assert.Contains(cookie, e.Message);
        Assert.Contains("HTTP 401", e.Message);
    }

    [Fact]
    public async Task CallAsync_CookieAppearsLater_Works()
    {
        string cookie = _folder.File(".cookie");
        await using var server = new RawHttpServer(r =>
            r.Authorization is null ? RawHttpReply.Unauthorized : RawHttpReply.Result("\"in\""));
        using var client = new JsonRpcHttpClient(new() { Url = server.Url, CookieFile = cookie });

        var e = await Assert.ThrowsAsync<RpcTransportException>(() => AskAsync(client));
        Assert.Contains($"{cookie} does not exist", e.Message);

        _folder.Write(".cookie", "__cookie__:x");
        Assert.Equal("in", await AskAsync(client));
    }

    [Fact]
    public async Task CallAsync_EmptyCookieFile_SaysSo()
    {
        string cookie = _folder.Write(".cookie", "");
        await using var server = new RawHttpServer(_ => RawHttpReply.Unauthorized);
        using var client = new JsonRpcHttpClient(new() { Url = server.Url, CookieFile = cookie });

        var e = await Assert.ThrowsAsync<RpcTransportException>(() => AskAsync(client));

        Assert.Contains($"{cookie} does not begin with one line of text", e.Message);
    }

    [Fact]
    public async Task CallAsync_NobodyThereAndNoCookie_SaysThatNobodyIsThere()
    {
        using var client = new JsonRpcHttpClient(new()
        {
            Url = new Uri($"http://127.0.0.1:{FreePort.Next()}/"), CookieFile = _folder.File("none"),
        });

        var e = await Assert.ThrowsAsync<RpcTransportException>(() => AskAsync(client));

        Assert.Equal(RpcTransportFailure.Unreachable, e.Failure);
    }

    [Fact]
    public async Task EveryText_OfOptionsAndFailures_HidesThePassword()
    {
        const string secret = "pa55-w0rd";
        string base64 = Convert.ToBase64String(Encoding.UTF8.GetBytes("anna:" + secret));
        string file = _folder.Write("password", secret);
        string cookie = _folder.Write(".cookie", "anna:" + secret);
        int turn = 0;
        await using var server = new RawHttpServer(r => (turn++ % 6) switch
        {
            0 => RawHttpReply.Unauthorized,
            1 => RawHttpReply.Of(403, ""),
            // An echo server, or a proxy's error page, may hold the whole request.
            2 => RawHttpReply.Of(200, r.Head, "text/plain"),
            3 => RawHttpReply.Text("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + r.Head, close: true),
            4 => RawHttpReply.Text(r.Head, close: true),
            _ => RawHttpReply.Of(503, r.Head),
        });
        JsonRpcHttpClientOptions[] all =
        [
            new() { Url = server.Url, User = "anna", Password = secret },
            new() { Url = server.Url, User = "anna", PasswordFile = file },
            new() { Url = server.Url, CookieFile = cookie },
        ];

        foreach (JsonRpcHttpClientOptions options in all)
        {
            var log = new ListLogger();
            using var client = new JsonRpcHttpClient(options with { LoggerFactory = log });
            var texts = new List<string> { options.ToString(), client.ToString()! };
            for (int i = 0; i < 6; i++)
            {
                texts.Add((await Assert.ThrowsAsync<RpcTransportException>(() => AskAsync(client))).ToString());
            }

            texts.AddRange(log.Lines);
            Assert.True(log.Lines.Count >= 6);
            Assert.All(texts, t => Assert.DoesNotContain(secret, t));
            Assert.All(texts, t => Assert.DoesNotContain(base64, t));
        }
    }

    private static string Basic(string pair) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(pair));

    private static async Task<string?> AskAsync(JsonRpcHttpClient client) =>
        (await client.CallAsync("x", cancellationToken: Ct)).GetString();
}
