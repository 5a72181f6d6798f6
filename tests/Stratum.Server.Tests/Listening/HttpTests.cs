using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Stratum.Server.Tests;

/// <summary>What is no Stratum on a Stratum port: getwork miners, browsers, health checks, scanners.</summary>
public sealed class HttpTests
{
    private const string Getwork =
        "POST / HTTP/1.1\r\nAuthorization: Basic dTpzZWNyZXQ=\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        + "Content-Length: 42\r\n\r\n{\"method\": \"getwork\", \"params\": [], \"id\":0}\r\n";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task Post_GetworkInPieces_IsToldWhereStratumIs(int piece)
    {
        await using var server = new TestServer(options => options.Address = IPAddress.Any);
        var opened = 0;
        server.Server.SessionOpened += (_, _) => opened++;
        var (head, body) = Split(await AskAsync(server, Getwork, piece));
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", head);
        Assert.Contains($"\r\nX-Stratum: stratum+tcp://127.0.0.1:{server.Server.Port}\r\n", head);
        Assert.Contains($"\r\nContent-Length: {body.Length}\r\n", head);
        Assert.Equal("{\"error\":null,\"result\":false,\"id\":0}\n", body);
        Assert.Equal(0, opened);
        await Answers.BecomesTrueAsync(() => server.Server.ConnectionCount == 0);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("OPTIONS")]
    [InlineData("DELETE")]
    public async Task Request_ThatIsNoPost_SaysWhatThisIs(string method)
    {
        await using var server = new TestServer();
        await using var miner = await server.LoginAsync(Drivers.Loop);
        var (head, body) = Split(await AskAsync(server, $"{method} /any?thing HTTP/1.0\r\n\r\n"));
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", head);
        Assert.Contains("\r\nContent-Type: application/json\r\n", head);
        Assert.Contains($"\r\nContent-Length: {body.Length}\r\n", head);
        Assert.DoesNotContain("Access-Control", head);
        using var status = JsonDocument.Parse(body);
        Assert.Equal(["server", "url", "sessions", "work"], status.RootElement.EnumerateObject().Select(member => member.Name));
        Assert.Equal($"stratum+tcp://127.0.0.1:{server.Server.Port}", status.RootElement.GetProperty("url").GetString());
        Assert.Equal(1, status.RootElement.GetProperty("sessions").GetInt32());
        Assert.True(status.RootElement.GetProperty("work").GetBoolean());
    }

    [Fact]
    public async Task Head_AnswersWithoutABody()
    {
        await using var server = new TestServer();
        var (head, body) = Split(await AskAsync(server, "HEAD / HTTP/1.1\nHost: x\n\n"));
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", head);
        Assert.DoesNotContain("Content-Length: 0", head);
        Assert.Equal("", body);
    }

    [Fact]
    public async Task HttpClient_GetAndPost_TakesBothForAnswers()
    {
        await using var server = new TestServer(options => options.Hostname = "pool.example.com");
        await server.StartAsync();
        using var client = new HttpClient { Timeout = s_patience };
        var url = new Uri($"http://127.0.0.1:{server.Server.Port}/");
        using var got = await client.GetAsync(url);
        Assert.Contains("\"work\":false", await got.Content.ReadAsStringAsync());
        // A body that is longer than what a client sends before it asks for leave.
        using var content = new StringContent("{\"method\":\"getwork\",\"params\":[\"" + new string('0', 100_000) + "\"]}");
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = content };
        request.Headers.ExpectContinue = true;
        using var posted = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, posted.StatusCode);
        Assert.Equal($"stratum+tcp://pool.example.com:{server.Server.Port}", Assert.Single(posted.Headers.GetValues("X-Stratum")));
    }

    [Theory]
    [InlineData(null, "192.0.2.1", "192.0.2.1:3333")]
    [InlineData(null, "2001:db8::1", "[2001:db8::1]:3333")]
    [InlineData(null, "fe80::1%7", "[fe80::1]:3333")]
    [InlineData("pool.example.com", "192.0.2.1", "pool.example.com:3333")]
    [InlineData("203.0.113.7", "2001:db8::1", "203.0.113.7:3333")]
    [InlineData("2001:db8::2", "192.0.2.1", "[2001:db8::2]:3333")]
    [InlineData("[2001:db8::2]", "192.0.2.1", "[2001:db8::2]:3333")]
    public void Url_NamesTheHostOrTheAddressThatWasReached(string? hostname, string reached, string expected) =>
        Assert.Equal($"stratum+tcp://{expected}", HttpVisitor.Url(hostname, new IPEndPoint(IPAddress.Parse(reached), 3333)));

    [Theory]
    [InlineData("POST / HTTP/1.1\r\nA: b\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\nA: b\n\n")]
    [InlineData("POST / HTTP/1.1\r\n\r\n")]
    public void Read_OneByteAtATime_SeesTheEndAtTheLastByteOnly(string request)
    {
        var bytes = Encoding.ASCII.GetBytes(request);
        for (var length = 1; length < bytes.Length; length++)
            Assert.Equal(HttpHead.Unfinished, HttpHeads.Read(bytes.AsSpan(0, length), from: length - 1));
        Assert.Equal(HttpHead.Post, HttpHeads.Read(bytes, from: bytes.Length - 1));
    }

    [Theory]
    [InlineData("GET \r\n\r\n")]
    [InlineData("GET /\r\n\r\n")]
    [InlineData("GET  HTTP/1.1\r\n\r\n")]
    [InlineData("GET / SPDY/31\r\n\r\n")]
    [InlineData("GET / HTTP/2.0\r\n\r\n")]
    [InlineData("POST /a b HTTP/1.1\r\n\r\n")]
    [InlineData("POST /\u0001\u0002 HTTP/1.1\r\n\r\n")]
    [InlineData("GET {\"id\":1,\"method\":\"mining.subscribe\"}\n\n")]
    public async Task Request_GarbageAfterAMethod_IsABadOne(string request)
    {
        await using var server = new TestServer();
        var answer = await AskAsync(server, request);
        Assert.StartsWith("HTTP/1.1 400 Bad Request\r\n", answer);
        Assert.Contains("This is a Stratum port", answer);
        Assert.Empty(server.Server.Sessions);
    }

    [Fact]
    public async Task Request_HeaderWithoutEnd_IsCutAtItsCap()
    {
        await using var server = new TestServer();
        var answer = await AskAsync(server, "GET / HTTP/1.1\r\nX: " + new string('x', 20_000));
        Assert.StartsWith("HTTP/1.1 400 Bad Request\r\n", answer);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: 5\r\n")]
    [InlineData("GET ")]
    public async Task Request_HeaderOneByteASecond_EndsByTheDeadline(string start)
    {
        await using var server = new TestServer();
        using var socket = await server.ConnectSocketAsync();
        await socket.SendAsync(Encoding.ASCII.GetBytes(start));
        await Answers.BecomesTrueAsync(() => server.Server.ConnectionCount == 1);
        // Each byte is some life, and none of them moves the deadline.
        await Answers.BecomesTrueAsync(() =>
        {
            server.Pass(1);
            try
            {
                socket.Send("x"u8);
            }
            catch (SocketException)
            {
                // It has ended.
            }
            return server.Server.ConnectionCount == 0;
        });
        Assert.Equal("", await ReadToEndAsync(socket));
    }

    [Fact]
    public async Task Post_BodyWithoutEnd_IsNotTakenForLong()
    {
        await using var server = new TestServer();
        using var socket = await server.ConnectSocketAsync();
        await socket.SendAsync("POST / HTTP/1.1\r\nContent-Length: 999999999999\r\n\r\n"u8.ToArray());
        // With the clock standing still only the cap can end it.
        var block = new byte[64 * 1024];
        var sent = 0L;
        try
        {
            while (sent < 64 * 1024 * 1024)
                sent += await socket.SendAsync(block).WaitAsync(s_patience);
        }
        catch (SocketException)
        {
            // The server has closed; what was on its way then is refused.
        }
        Assert.InRange(sent, 1024 * 1024, 64 * 1024 * 1024 - 1);
        await Answers.BecomesTrueAsync(() => server.Server.ConnectionCount == 0);
    }

    [Fact]
    public async Task Post_BodyOfStratumLines_IsNoSession()
    {
        await using var server = new TestServer();
        var opened = 0;
        server.Server.SessionOpened += (_, _) => opened++;
        // What a browser can be made to send by a page of anybody's.
        var answer = await AskAsync(server, "POST / HTTP/1.1\r\nContent-Type: text/plain\r\nContent-Length: 90\r\n\r\n"
            + "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[]}\n{\"id\":2,\"method\":\"mining.authorize\",\"params\":[\"w\",\"x\"]}\n");
        Assert.DoesNotContain("mining", answer);
        Assert.Equal(0, opened);
    }

    [Fact]
    public async Task Answer_PeerThatNeverLeaves_EndsByTheDeadline()
    {
        await using var server = new TestServer();
        using var socket = await server.ConnectSocketAsync();
        await socket.SendAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());
        Assert.StartsWith("HTTP/1.1 200 OK", await ReadToEndAsync(socket));
        Assert.Equal(1, server.Server.ConnectionCount);
        await Answers.BecomesTrueAsync(() =>
        {
            server.Pass(1);
            return server.Server.ConnectionCount == 0;
        });
    }

    [Fact]
    public async Task Stop_HttpPeersInEveryState_DoNotHoldIt()
    {
        await using var server = new TestServer();
        using var half = await server.ConnectSocketAsync();
        await half.SendAsync("GET / HT"u8.ToArray());
        using var answered = await server.ConnectSocketAsync();
        await answered.SendAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());
        await ReadToEndAsync(answered);
        await server.Server.StopAsync();
        await Answers.BecomesTrueAsync(() => server.Server.ConnectionCount == 0);
    }

    [Fact]
    public async Task Session_AmongManyHttpPeers_IsUnharmed()
    {
        await using var server = new TestServer();
        var peers = new List<Socket>();
        for (var i = 0; i < 50; i++)
        {
            peers.Add(await server.ConnectSocketAsync());
            await peers[^1].SendAsync(Encoding.ASCII.GetBytes(i % 2 == 0 ? "GET / HTTP/1.1\r\nX: y" : "POST / HTTP/1.1\r\n\r\n{}"));
        }
        await using var miner = await server.LoginAsync(Drivers.Loop);
        Answers.IsTrue(await miner.SubmitAsync(miner.Solve()));
        Assert.Single(server.Server.Sessions);
        foreach (var peer in peers)
            peer.Dispose();
        await Answers.BecomesTrueAsync(() => server.Server.ConnectionCount == 1);
        await server.BroadcastAsync(tip: 2);
        await miner.WaitForAsync("mining.notify");
    }

    [Fact]
    public async Task Log_OfARequest_HasNothingOfIt()
    {
        await using var server = new TestServer();
        server.Log.Least = LogLevel.Trace;
        await AskAsync(server, Getwork);
        await Answers.BecomesTrueAsync(() => server.Server.ConnectionCount == 0);
        Assert.Contains(server.Log.Lines, line => line.Text.Contains("HTTP", StringComparison.Ordinal));
        Assert.DoesNotContain(server.Log.Lines, line => line.Text.Contains("dTpzZWNyZXQ", StringComparison.Ordinal));
    }

    private static async Task<string> AskAsync(TestServer server, string request, int piece = int.MaxValue)
    {
        using var socket = await server.ConnectSocketAsync();
        var bytes = Encoding.Latin1.GetBytes(request);
        for (var i = 0; i < bytes.Length; i += Math.Min(piece, bytes.Length))
            await socket.SendAsync(bytes.AsMemory(i, Math.Min(piece, bytes.Length - i)));
        return await ReadToEndAsync(socket);
    }

    // A reset is an end too.
    private static async Task<string> ReadToEndAsync(Socket socket)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer).WaitAsync(s_patience) is > 0 and var count)
                text.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }
        catch (SocketException)
        {
        }
        return text.ToString();
    }

    private static (string Head, string Body) Split(string answer)
    {
        var parts = answer.Split("\r\n\r\n", 2);
        Assert.Equal(2, parts.Length);
        return (parts[0] + "\r\n", parts[1]);
    }
}
