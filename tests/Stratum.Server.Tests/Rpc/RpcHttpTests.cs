using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Stratum.Rpc;
using Stratum.Testing;

namespace Stratum.Server.Tests;

/// <summary>JSON in the body of a POST.</summary>
public sealed class RpcHttpTests
{
    private const string Ping = """{"method":"ping","id":1}""";
    private const string Pong = """{"result":"pong","error":null,"id":1}""" + "\n";

    [Fact]
    public async Task Post_Call_AnsweredWithTypeAndDateAndNoCors()
    {
        await using var rpc = await StartAsync();

        using var response = await rpc.SendAsync(Ping);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Pong, await response.Content.ReadAsStringAsync());
        Assert.Equal("application/json", response.Content.Headers.ContentType!.ToString());
        Assert.InRange(response.Headers.Date!.Value, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1));
        Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
        Assert.False(response.Headers.Contains("Server"));
    }

    [Theory]
    [InlineData("""{"method":"nonesuch","id":1}""", 404, RpcErrors.MethodNotFound)]
    [InlineData("""{"id":1}""", 400, RpcErrors.InvalidRequest)]
    [InlineData("{", 400, RpcErrors.ParseError)]
    [InlineData("", 400, RpcErrors.ParseError)]
    [InlineData("7", 400, RpcErrors.ParseError)]
    [InlineData("[]", 400, RpcErrors.InvalidRequest)]
    [InlineData("""{"method":"mining.block","id":1,"params":["short"]}""", 400, RpcErrors.InvalidParams)]
    [InlineData("""{"method":"broken","id":1}""", 500, RpcErrors.InternalError)]
    [InlineData("""{"method":"refuse","id":1}""", 500, -5)]
    [InlineData("""{"jsonrpc":"2.0","method":"nonesuch","id":1}""", 200, RpcErrors.MethodNotFound)]
    public async Task Post_Error_HasTheStatusOfItsVersion(string request, int status, int code)
    {
        await using var rpc = await StartAsync();

        var (actual, body) = await rpc.PostAsync(request);

        Assert.Equal((status, code), ((int)actual, RpcHarness.ErrorOf(body)));
        Assert.DoesNotContain("secret", body);
    }

    [Fact]
    public async Task Post_Notification_204WithoutABody()
    {
        await using var rpc = await StartAsync();
        Assert.Equal((HttpStatusCode.NoContent, ""), await rpc.PostAsync("""{"jsonrpc":"2.0","method":"ping"}"""));
    }

    [Fact]
    public async Task Status_OfYourOwn_IsTaken()
    {
        await using var rpc = await StartAsync(options => options.HttpStatus = code => code == RpcErrors.MethodNotFound ? 418 : 500);
        Assert.Equal(418, (int)(await rpc.PostAsync("""{"method":"nonesuch","id":1}""")).Status);
        Assert.Equal(200, (int)(await rpc.PostAsync("""{"method":"nonesuch","id":1,"jsonrpc":"2.0"}""")).Status);
    }

    [Fact]
    public async Task Filter_StandsAroundEveryRequest()
    {
        await using var rpc = await StartAsync(options => options.HttpFilter = async (http, next) =>
        {
            http.Response.Headers["X-Seen"] = http.Request.Method;
            if (http.Request.Headers.ContainsKey("X-Pass"))
                await next(http);
            else
                http.Response.StatusCode = 402;
        });
        using var refused = await rpc.SendAsync(Ping);
        Assert.Equal(402, (int)refused.StatusCode);
        using var passed = await rpc.SendAsync(Ping, change: request => request.Headers.Add("X-Pass", "1"));
        Assert.Equal(Pong, await passed.Content.ReadAsStringAsync());
        Assert.Equal("POST", passed.Headers.GetValues("X-Seen").Single());
    }

    [Theory]
    [InlineData("throw")]
    [InlineData("async")]
    [InlineData("cancelled")]
    [InlineData("late")]
    public async Task Filter_Throws_500WithoutItsTextAndLogged(string how)
    {
        await using var rpc = await StartAsync(options => options.HttpFilter = async (http, _) =>
        {
            http.Response.Headers["X-Half"] = "done";
            if (how == "async")
                await Task.Yield();
            if (how == "late")
            {
                http.Response.ContentLength = 100;
                await http.Response.WriteAsync("half");
            }
            throw how == "cancelled" ? new OperationCanceledException("a secret") : new InvalidOperationException("a secret");
        });

        if (how == "late")
            await Assert.ThrowsAsync<HttpRequestException>(() => rpc.PostAsync(Ping));
        else
        {
            using var response = await rpc.SendAsync(Ping);
            Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
            Assert.Equal("The request failed; the server's log says why.\n", await response.Content.ReadAsStringAsync());
            Assert.False(response.Headers.Contains("X-Half"));
        }
        await Until.TrueAsync(() => rpc.Log.Lines.Any(line => line.Id == 154 && line.Failure?.Message == "a secret"), "nothing was logged");
        await rpc.AssertServesAsync();
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data")]
    [InlineData("application/jsonp")]
    public async Task Post_OtherType_415(string type)
    {
        await using var rpc = await StartAsync();
        using var response = await rpc.SendAsync(Ping, type);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Equal("application/json", response.Headers.GetValues("Accept-Post").Single());
        Assert.Equal(Pong, (await rpc.PostAsync(Ping)).Body);
    }

    [Fact]
    public async Task Post_FromAPage_403()
    {
        await using var rpc = await StartAsync();
        using var response = await rpc.SendAsync(Ping, change: request => request.Headers.Add("Origin", "http://evil.example"));
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("PUT")]
    [InlineData("OPTIONS")]
    [InlineData("DELETE")]
    public async Task OtherMethod_405AndWhatIsAllowed(string method)
    {
        await using var rpc = await StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), rpc.Url);
        using var response = await rpc.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal("POST", response.Content.Headers.Allow.Single());
        Assert.Equal(Pong, (await rpc.PostAsync(Ping)).Body);
    }

    [Fact]
    public async Task Post_Chunked_Answered()
    {
        await using var rpc = await StartAsync();
        using var response = await rpc.SendAsync(Ping, change: request => request.Headers.TransferEncodingChunked = true);
        Assert.Equal(Pong, await response.Content.ReadAsStringAsync());

        await using var caller = await rpc.ConnectAsync();
        await caller.SendAsync(Head("Transfer-Encoding: chunked"));
        foreach (var letter in Ping)
            await caller.SendAsync($"1\r\n{letter}\r\n");
        await caller.SendAsync("0\r\n\r\n");
        Assert.Equal("HTTP/1.1 200 OK", await caller.ReadLineAsync());
    }

    [Theory]
    [InlineData("Content-Length: x")]
    [InlineData("Content-Length: -1")]
    [InlineData("Content-Length: 5\r\nContent-Length: 6")]
    [InlineData("Transfer-Encoding: nonsense")]
    public async Task Post_LengthThatIsNone_400(string header)
    {
        await using var rpc = await StartAsync();
        await using var caller = await rpc.ConnectAsync();
        await caller.SendAsync(Head(header) + Ping);
        Assert.Equal("HTTP/1.1 400 Bad Request", await caller.ReadLineAsync());
        await rpc.AssertServesAsync();
    }

    [Fact]
    public async Task Post_MoreThanItsLength_400ForTheCallAndForTheRest()
    {
        await using var rpc = await StartAsync();
        await using var caller = await rpc.ConnectAsync();
        await caller.SendAsync(Head($"Content-Length: {Ping.Length - 4}") + Ping + "\r\n\r\n");

        var lines = await ReadAllAsync(caller);

        Assert.Equal(2, lines.Count(line => line == "HTTP/1.1 400 Bad Request"));
        Assert.Equal(RpcErrors.ParseError, RpcHarness.ErrorOf(lines.First(line => line.StartsWith('{'))));
        await rpc.AssertServesAsync();
        await rpc.AssertNoConnectionsAsync();
    }

    [Fact]
    public async Task Post_LessThanItsLengthThenGone_ConnectionEndsAndNothingIsRun()
    {
        await using var rpc = await StartAsync();
        var caller = await rpc.ConnectAsync();
        await caller.SendAsync(Head($"Content-Length: {Ping.Length + 4}") + Ping);
        await Until.TrueAsync(() => rpc.Server.UnfinishedBytes == Ping.Length, "the body was not read");
        await caller.DisposeAsync();

        await rpc.AssertNoConnectionsAsync();
        Assert.Equal(0, rpc.Server.UnfinishedBytes);
        Assert.DoesNotContain(rpc.Log.Lines, line => line.Text.Contains("called", StringComparison.Ordinal));
        await rpc.AssertServesAsync();
    }

    [Fact]
    public async Task Post_TooLong_413()
    {
        await using var rpc = await StartAsync();
        using var response = await rpc.SendAsync($$"""{"method":"ping","id":1,"params":["{{new string('p', 1024 * 1024)}}"]}""");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        using var chunked = await rpc.SendAsync(
            $$"""{"method":"ping","id":1,"params":["{{new string('p', 1024 * 1024)}}"]}""", change: request => request.Headers.TransferEncodingChunked = true);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, chunked.StatusCode);
        Assert.Equal(Pong, (await rpc.PostAsync(Ping)).Body);
        Assert.Equal(0, rpc.Server.UnfinishedBytes);
    }

    [Fact]
    public async Task Post_SlowBody_408AtTheDeadlineAndOthersAreServed()
    {
        var time = new ManualTime();
        await using var rpc = await StartAsync(options => options.TimeProvider = time);
        await using var caller = await rpc.ConnectAsync();
        await caller.SendAsync(Head($"Content-Length: {Ping.Length}") + Ping[..5]);
        await Until.TrueAsync(() => rpc.Server.UnfinishedBytes == 5, "the beginning was not read");
        await rpc.AssertServesAsync();
        time.Advance(TimeSpan.FromSeconds(14));
        await caller.SendAsync(Ping[5..6]);
        await Until.TrueAsync(() => rpc.Server.UnfinishedBytes == 6, "the byte was not read");

        time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal("HTTP/1.1 408 Request Timeout", await caller.ReadLineAsync());
        await caller.DisposeAsync();
        await rpc.AssertNoConnectionsAsync();
        Assert.Equal(0, rpc.Server.UnfinishedBytes);
    }

    [Fact]
    public async Task Post_HalfAHeadThenGone_ConnectionEnds()
    {
        await using var rpc = await StartAsync();
        var caller = await rpc.ConnectAsync();
        await caller.SendAsync("POST / HTTP/1.1\r\nHost: x");
        await Until.TrueAsync(() => rpc.Server.ConnectionCount == 1, "it did not come");
        await caller.DisposeAsync();
        await rpc.AssertNoConnectionsAsync();
    }

    [Fact]
    public async Task Post_CallerLeaves_TheCallIsCancelled()
    {
        await using var rpc = await StartAsync();
        var entered = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        rpc.Server.Expose("wait", async (RpcCall call) =>
        {
            call.Cancelled.Register(cancelled.SetResult);
            entered.SetResult();
            await Task.Delay(Timeout.Infinite, call.Cancelled);
        });
        var caller = await rpc.ConnectAsync();
        const string Wait = """{"method":"wait","id":1}""";
        await caller.SendAsync(Head($"Content-Length: {Wait.Length}") + Wait);
        await entered.Task;
        await caller.DisposeAsync();
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(60));
        await rpc.AssertNoConnectionsAsync();
    }

    [Fact]
    public async Task Stop_CallUnderWay_IsAnswered()
    {
        await using var rpc = await StartAsync();
        var release = new TaskCompletionSource<int>();
        var entered = new TaskCompletionSource();
        rpc.Server.Expose("wait", () =>
        {
            entered.SetResult();
            return release.Task;
        });
        var answer = rpc.PostAsync("""{"method":"wait","id":1}""");
        await entered.Task;
        var stop = rpc.Server.StopAsync();
        release.SetResult(5);
        Assert.Equal("""{"result":5,"error":null,"id":1}""" + "\n", (await answer).Body);
        await stop.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(0, rpc.Server.ConnectionCount);
    }

    [Fact]
    public async Task Mode_Both_OnePortSpeaksTcpAndHttp()
    {
        await using var rpc = await StartAsync();
        await using var caller = await rpc.ConnectAsync();
        Assert.Equal(Pong.Trim(), await caller.CallAsync(Ping));
        Assert.Equal(Pong, (await rpc.PostAsync(Ping)).Body);
        await using var slow = await rpc.ConnectAsync();
        foreach (var letter in Head(string.Create(CultureInfo.InvariantCulture, $"Content-Length: {Ping.Length}")) + Ping)
            await slow.SendAsync(new[] { (byte)letter });
        Assert.Equal("HTTP/1.1 200 OK", await slow.ReadLineAsync());
    }

    private static string Head(string headers) =>
        $"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{headers}\r\n\r\n";

    private static async Task<List<string>> ReadAllAsync(RpcCaller caller)
    {
        var lines = new List<string>();
        while (await caller.ReadLineAsync() is { } line)
            lines.Add(line);
        return lines;
    }

    private static async Task<RpcHarness> StartAsync(Action<RpcServerOptions>? configure = null)
    {
        var rpc = await RpcHarness.StartAsync(configure);
        rpc.Server.Expose("ping", () => "pong");
        rpc.Server.Expose("broken", int () => throw new InvalidOperationException("a secret"));
        rpc.Server.Expose("refuse", int () => throw new RpcException(-5, "no"));
        return rpc;
    }
}
