using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Stratum.Server.Tests;

public sealed class WireLogTests
{
    [Theory]
    [MemberData(nameof(Drivers.All), MemberType = typeof(Drivers))]
    public async Task Trace_ASession_ShowsBothDirections(string driver)
    {
        await using var server = new TestServer();
        server.Log.Least = LogLevel.Trace;
        await using var peer = await server.LoginAsync(driver);
        Answers.IsTrue(await peer.SubmitAsync(peer.Solve()));
        var wire = server.Log.Lines.Where(line => line.Id == 118).Select(line => line.Text).ToList();
        Assert.Contains(wire, line => line.Contains("< {\"id\":1001,\"method\":\"mining.subscribe\",\"params\":[\"test/1\"]}"));
        Assert.Contains(wire, line => line.Contains("< {\"id\":1002,\"method\":\"mining.authorize\",\"params\":(not shown)}"));
        Assert.Contains(wire, line => line.Contains("> {\"id\":1002,\"result\":true,\"error\":null}"));
        Assert.Contains(wire, line => line.Contains("> {\"id\":null,\"method\":\"mining.notify\",\"params\":["));
        Assert.Contains(wire, line => line.Contains("< {\"id\":1003,\"method\":\"mining.submit\",\"params\":[\"w\","));
    }

    [Fact]
    public async Task Trace_EveryKindOfLogin_ShowsNoPassword()
    {
        await using var server = new TestServer { ExpectFailures = true };
        server.Log.Least = LogLevel.Trace;
        server.Server.OnAuthorize((_, request) => request.Worker switch
        {
            "refused" => false,
            "broken" => throw new InvalidOperationException($"The database does not know {request}."),
            _ => true,
        });
        server.Server.Map("own.login", (string user, int number) => user.Length + number);
        server.Server.ProtocolError += (_, _) => { };
        await using var peer = await server.ConnectAsync(Drivers.Loop);
        string[] lines =
        [
            """{"id":1,"method":"mining.authorize","params":["good","hunter2"]}""",
            """{"id":1,"method":"mining.authorize","params":["refused","hunter2"]}""",
            """{"id":1,"method":"mining.authorize","params":["broken","hunter2"]}""",
            """{"id":1,"method":"mining.authorize","params":["u",{"p":"hunter2"}]}""",
            """{"id":1,"method":"mining.authorize","params":["","hunter2"]}""",
            """{"id":1,"method":"mining.authorize","params":{"hunter2":"hunter2"}}""",
            """{"id":1,"m\u0065thod":"mining.\u0061uthorize","params":["u","hunter2"]}""",
            """{"id":1,"method":"mining.auth","params":["u","hunter2"]}""",
            """{"id":1,"method":"login","params":{"login":"u","pass":"hunter2"}}""",
            """{"id":1,"method":"own.login","params":["u","hunter2"]}""",
            """{"id":1,"method":"own.login","params":{"hunter2":1}}""",
            """{"id":1,"method":"mining.suggest_difficulty","params":["hunter2"],"password":"hunter2"}"""
                .Replace("[\"hunter2\"]", "[1]"),
            """{"id":1,"method":"mining.authorize","params":["u","hunter2"]""",
            """[{"id":1,"method":"mining.authorize","params":["u","hunter2"]}]""",
            """mining.authorize u hunter2""",
            """{"id":1,"method":"mining.authorize","params":["u","hunter2"]}}""",
        ];
        foreach (var line in lines)
            await peer.SendAsync(line);
        await peer.SendAsync("""{"id":7777,"method":"mining.ping"}""");
        while (await peer.ReadLineAsync() is { } line && !line.StartsWith("{\"id\":7777,", StringComparison.Ordinal))
        {
        }
        var logged = server.Log.Lines.Select(line => $"{line.Text} {line.Failure}").ToList();
        Assert.Equal(lines.Length + 1, logged.Count(line => line.Contains(" < ", StringComparison.Ordinal)));
        Assert.Contains(logged, line => line.Contains("The database does not know", StringComparison.Ordinal));
        Assert.DoesNotContain(logged, line => line.Contains("hunter2", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Trace", true)]
    [InlineData("Information", false)]
    public async Task Configuration_LogLevelOfStratum_TurnsTheWireOn(string level, bool shown)
    {
        using var log = new ListLoggers { Least = LogLevel.Trace };
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Logging:LogLevel:Default", "Warning"), new("Logging:LogLevel:Stratum", level)]).Build();
        await using var provider = new ServiceCollection()
            .AddLogging(logging => logging.AddConfiguration(configuration.GetSection("Logging")).AddProvider(new Provider(log)))
            .AddStratumServer(options => options.Port = 0)
            .BuildServiceProvider();
        provider.GetRequiredService<StratumServer>().NewSession().Receive("{\"id\":1,\"method\":\"mining.ping\"}\n"u8);
        Assert.Equal(shown, log.Lines.Any(line => line.Text.Contains("mining.ping", StringComparison.Ordinal)));
    }

    [Fact]
    public void Received_Escapes_AreNotLogged()
    {
        using var log = new ListLoggers { Least = LogLevel.Trace };
        var server = new StratumServer(new StratumServerOptions { LoggerFactory = log });
        server.NewSession().Receive(Encoding.UTF8.GetBytes("bell \u0007 and \u001b[2J\n{\"id\":1,\"method\":\"\\u001b[2J\"}\n"));
        Assert.Contains(log.Lines, entry => entry.Text.Contains("\uFFFD[2J", StringComparison.Ordinal));
        Assert.DoesNotContain(log.Lines, entry => entry.Text.Any(char.IsControl));
    }

    private sealed class Provider(ListLoggers log) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => log;

        public void Dispose()
        {
        }
    }
}
