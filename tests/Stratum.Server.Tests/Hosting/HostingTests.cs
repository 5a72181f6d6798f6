using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Stratum.Mining;

namespace Stratum.Server.Tests;

public sealed class HostingTests
{
    [Fact]
    public async Task AddStratumServer_StartsServesAndStopsWithTheApplication()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddStratumServer(options =>
        {
            options.Port = 0;
            options.Difficulty = TestServer.Easy;
        });
        await using var app = builder.Build();
        var server = app.Services.GetRequiredService<StratumServer>();
        server.OnAuthorize((_, request) => request.Password == "good");
        var health = app.Services.GetRequiredService<HealthCheckService>();
        Assert.Equal(HealthStatus.Unhealthy, (await health.CheckHealthAsync()).Entries["stratum"].Status);
        await app.StartAsync();
        Assert.Equal(HealthStatus.Degraded, (await health.CheckHealthAsync()).Entries["stratum"].Status);
        await server.BroadcastAsync(Work.NewJob((uint)DateTimeOffset.UtcNow.ToUnixTimeSeconds()));
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync()).Entries["stratum"].Status);
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        await socket.ConnectAsync("127.0.0.1", server.Port);
        await using var peer = TestPeer.Over(new System.Net.Sockets.NetworkStream(socket), socket);
        await peer.SubscribeAsync();
        Answers.IsError(24, await peer.AuthorizeAsync());
        Answers.IsTrue(await peer.AuthorizeAsync(password: "good"));
        await peer.WaitForAsync("mining.notify");
        Answers.IsTrue(await peer.SubmitAsync(peer.Solve()));
        await app.StopAsync();
        Assert.Null(await peer.ReadLineAsync());
        Assert.Equal(HealthStatus.Unhealthy, (await health.CheckHealthAsync()).Entries["stratum"].Status);
    }

    [Fact]
    public async Task AddStratumServer_OwnClass_IsTheServerToo()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddStratumServer(options => new Mine(options), options => options.Port = 0);
        using var host = builder.Build();
        await host.StartAsync();
        var mine = host.Services.GetRequiredService<Mine>();
        Assert.Same(mine, host.Services.GetRequiredService<StratumServer>());
        Assert.NotEqual(0, mine.Port);
        await host.StopAsync();
        Assert.Empty(mine.EndPoints);
    }

    [Fact]
    public void AddStratumServer_ConfigurationSection_OptionsAreRead()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Stratum:Port"] = "4444",
            ["Stratum:Address"] = "0.0.0.0",
            ["Stratum:Difficulty"] = "0.001",
            ["Stratum:MinimumDifficulty"] = "1e-5",
            ["Stratum:MaximumDifficulty"] = "1000000",
            ["Stratum:Listen:0"] = "127.0.0.1:3334",
            ["Stratum:Listen:1"] = "[::1]:3335",
            ["Stratum:KeepAlive"] = "00:00:20",
            ["Stratum:AnswerTransactions"] = "true",
            ["Stratum:Handlers"] = "Inline",
            ["Stratum:CertificateFile"] = "/cert.pem",
            ["Stratum:CertificateKeyFile"] = "/key.pem",
            ["Stratum:CertificatePasswordFile"] = "/password",
            ["Stratum:Limits:MaxConnections"] = "7",
            ["Stratum:Limits:WriteTimeout"] = "00:00:07",
            ["Stratum:Work:Extranonce2Size"] = "4",
        }).Build();
        var services = new ServiceCollection();
        services.AddStratumServer(configuration.GetSection("Stratum"), options => options.Limits.MaxNameLength = 50);
        using var provider = services.BuildServiceProvider();
        var options = provider.GetRequiredService<IOptions<StratumServerOptions>>().Value;
        Assert.Equal((4444, "0.0.0.0"), (options.Port, options.Address.ToString()));
        Assert.Equal((0.001, 1e-5, 1e6), (options.Difficulty.Value, options.MinimumDifficulty?.Value, options.MaximumDifficulty?.Value));
        Assert.Equal(["127.0.0.1:3334", "[::1]:3335"], options.Listen.Select(one => one.ToString()));
        Assert.Equal((TimeSpan.FromSeconds(20), true, HandlerScheduling.Inline), (options.KeepAlive, options.AnswerTransactions, options.Handlers));
        Assert.Equal(("/cert.pem", "/key.pem", "/password"),
            (options.CertificateFile, options.CertificateKeyFile, options.CertificatePasswordFile));
        Assert.Equal(50, options.Limits.MaxNameLength);
        Assert.Equal((7, TimeSpan.FromSeconds(7), 4), (options.Limits.MaxConnections, options.Limits.WriteTimeout, options.Work.Extranonce2Size));
    }

    [Theory]
    [InlineData("Port", "many")]
    [InlineData("Address", "localhost!")]
    [InlineData("Difficulty", "hard")]
    [InlineData("Limits:WriteTimeout", "soon")]
    [InlineData("KeepAlive", "300")]
    [InlineData("KeepAlive", "-1")]
    [InlineData("KeepAlive", "5m")]
    [InlineData("Listen:0", "nowhere:x")]
    public void AddStratumServer_UnreadableValue_FormatExceptionThatNamesIt(string name, string value)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { [name] = value }).Build();
        using var provider = new ServiceCollection().AddStratumServer(configuration).BuildServiceProvider();
        var error = Assert.Throws<FormatException>(() => provider.GetRequiredService<StratumServer>());
        Assert.Contains($"{name} is '{value}'", error.Message);
        Assert.Equal(name is "KeepAlive" or "Limits:WriteTimeout", error.Message.Contains("00:05:00", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("00:00:00", 0)]
    [InlineData("00:00:00.070", 0.07)]
    [InlineData("1.00:00:00", 86400)]
    public void Duration_TimeOrNone_IsTaken(string text, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), OptionsReader.Duration(text));

    [Fact]
    public void OptionsReader_KnowsEveryOptionThatIsAValue()
    {
        // Objects of code, which no text can name, and the list that is read for itself.
        string[] code = ["DifficultyPolicy", "Methods", "TimeProvider", "LoggerFactory", "MeterFactory", "Listen", "Limits", "Work"];
        var names = Names("", typeof(StratumServerOptions)).Except(code)
            .Concat(Names("Limits:", typeof(StratumServerLimits))).Concat(Names("Work:", typeof(WorkSourceOptions)));
        Assert.Equal(names.Order(), OptionsReader.Names.Order());

        static IEnumerable<string> Names(string prefix, Type type) => type
            .GetProperties(System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Instance).Select(one => prefix + one.Name);
    }

    [Fact]
    public void Work_MembersSetByABinder_StayWithTheirOptions()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Work:Extranonce2Size"] = "3" }).Build();
        var options = new StratumServerOptions();
        configuration.Bind(options);
        Assert.Equal(3, options.Work.Extranonce2Size);
        Assert.Equal(8, new StratumServerOptions().Work.Extranonce2Size);
    }

    private sealed class Mine(StratumServerOptions options) : StratumServer(options);
}
