using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Stratum.Daemon;
using Stratum.Mining;
using Stratum.Simulation;
using Stratum.Testing;

namespace Stratum.Pool.Tests;

public sealed class PoolHostingTests
{
    private const string Payee = "rltc1qw508d6qejxtdg4y5r3zarvary0c5xw7k693xs3";

    [Fact]
    public void Read_EveryKindOfValue_IsTaken()
    {
        var options = PoolOptionsReader.Read(Section(new()
        {
            ["Pool:Coin"] = "Litecoin",
            ["Pool:Network"] = "regtest",
            ["Pool:PayTo"] = Payee,
            ["Pool:Outputs:0"] = $"{Payee}=2%",
            ["Pool:Tag"] = "/mine/",
            ["Pool:JournalFile"] = "blocks",
            ["Pool:Confirmations"] = "3",
            ["Pool:MaxWorkAge"] = "00:01:00",
            ["Pool:Daemons:0:CookieFile"] = "/cookie",
            ["Pool:Daemons:1:Url"] = "http://10.0.0.2:9332",
            ["Pool:Daemons:1:User"] = "me",
            ["Pool:Daemons:1:PasswordFile"] = "/password",
            ["Pool:Daemons:1:UseLongPoll"] = "false",
            ["Pool:Daemons:1:JobInterval"] = "00:00:10",
            ["Pool:Server:Port"] = "4444",
            ["Pool:Server:Limits:MaxConnections"] = "7",
        }));

        Assert.Equal((Coin.Litecoin, "regtest", Payee), (options.Coin, options.Network.Name, options.PayTo.Text));
        Assert.Equal(Payee, Assert.Single(options.Outputs).Address.Text);
        Assert.Equal(("/mine/", "blocks", 3, TimeSpan.FromMinutes(1)),
            (options.Tag, options.JournalFile, options.Confirmations, options.MaxWorkAge));
        Assert.Equal(("http://127.0.0.1:19443/", "/cookie"), ($"{options.Daemons[0].Url}", options.Daemons[0].CookieFile));
        Assert.Equal(("http://10.0.0.2:9332/", "me", "/password", false, TimeSpan.FromSeconds(10)), ($"{options.Daemons[1].Url}",
            options.Daemons[1].User, options.Daemons[1].PasswordFile, options.Daemons[1].UseLongPoll, options.Daemons[1].JobInterval));
        Assert.Equal((4444, 7), (options.Server.Port, options.Server.Limits.MaxConnections));
    }

    [Theory]
    [InlineData("Coin", "doge", "bitcoin, litecoin")]
    [InlineData("Network", "moon", "mainnet")]
    [InlineData("PayTo", "nobody", "nobody")]
    [InlineData("Outputs:0", "nobody", "nobody")]
    [InlineData("Confirmations", "six", "six")]
    [InlineData("MaxWorkAge", "soon", "00:05:00")]
    [InlineData("MaxWorkAge", "300", "00:05:00")]
    [InlineData("Daemons:0:JobInterval", "30", "00:05:00")]
    [InlineData("Daemons:0:UseLongPoll", "maybe", "maybe")]
    public void Read_UnreadableValue_IsNamed(string name, string value, string reason)
    {
        var section = Section(new()
        {
            ["Pool:PayTo"] = Payee, ["Pool:Coin"] = "litecoin", ["Pool:Network"] = "regtest", [$"Pool:{name}"] = value,
        });

        var error = Assert.Throws<FormatException>(() => PoolOptionsReader.Read(section));

        Assert.StartsWith($"Pool:{name} is '{value}', which cannot be read: ", error.Message);
        Assert.Contains(reason, error.Message);
    }

    [Fact]
    public void Read_UnreadableUrl_IsNamedAndNotShown()
    {
        var error = Assert.Throws<FormatException>(() => PoolOptionsReader.Read(Section(new()
        {
            ["Pool:PayTo"] = Payee, ["Pool:Coin"] = "litecoin", ["Pool:Network"] = "regtest",
            ["Pool:Daemons:0:Url"] = "http//user:hunter2@host:8332",
        })));

        Assert.StartsWith("Pool:Daemons:0:Url cannot be read: ", error.Message);
        Assert.DoesNotContain("hunter2", error.ToString());
    }

    [Fact]
    public void Read_NoAddress_IsNamed() => Assert.Equal("Pool:PayTo is missing: the address that blocks pay.",
        Assert.Throws<FormatException>(() => PoolOptionsReader.Read(Section(new() { ["Pool:Coin"] = "bitcoin" }))).Message);

    [Fact]
    public void Read_KnowsEveryOptionThatIsAValue()
    {
        Assert.Equal(Names<MiningPoolOptions>("TimeProvider", "LoggerFactory"), PoolOptionsReader.Names.Pool.Order());
        Assert.Equal(Names<CoinDaemonOptions>("Coin", "Network", "BlockSources", "TimeProvider", "LoggerFactory"),
            PoolOptionsReader.Names.Daemon.Order());

        static IEnumerable<string> Names<T>(params string[] code) => typeof(T)
            .GetProperties(System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Instance)
            .Select(property => property.Name).Except(code).Order();
    }

    [Fact]
    public async Task AddMiningPool_RunsWithTheApplicationAndSaysHowItIs()
    {
        using var chain = new SimulatedChain();
        await using var node = new SimulatedDaemon(chain, new SimulatedDaemonOptions { Port = FreePort.Next() });
        var builder = Build(node, port: 0);
        using var host = builder.Build();
        var pool = host.Services.GetRequiredService<MiningPool>();
        var health = host.Services.GetRequiredService<HealthCheckService>();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));

        // The application is there before the daemon is.
        await host.StartAsync(deadline.Token);
        Assert.Equal(HealthStatus.Unhealthy, (await health.CheckHealthAsync(deadline.Token)).Status);
        await node.StartAsync(deadline.Token);
        while ((await health.CheckHealthAsync(deadline.Token)).Status != HealthStatus.Healthy)
            await Task.Delay(10, deadline.Token);
        Assert.NotEqual(0, pool.Server.Port);

        await host.StopAsync(deadline.Token);
        Assert.Empty(pool.Server.EndPoints);
    }

    [Fact]
    public async Task AddMiningPool_PortIsTaken_EndsTheApplication()
    {
        using var chain = new SimulatedChain();
        await using var node = new SimulatedDaemon(chain);
        await node.StartAsync();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        using var host = Build(node, ((IPEndPoint)taken.LocalEndpoint).Port).Build();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var ending = new TaskCompletionSource();
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(() => ending.TrySetResult());

        await host.StartAsync(deadline.Token);

        await ending.Task.WaitAsync(deadline.Token);
    }

    private static HostApplicationBuilder Build(SimulatedDaemon node, int port)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddMiningPool(Section(new()
        {
            ["Pool:Network"] = "regtest",
            ["Pool:PayTo"] = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080",
            ["Pool:Daemons:0:Url"] = $"{node.Url}",
            ["Pool:Daemons:0:CookieFile"] = node.CookieFile,
        }), options =>
        {
            options.Server.Port = port;
            return options with { Tag = "/changed/" };
        });
        return builder;
    }

    private static IConfiguration Section(Dictionary<string, string?> values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values).Build().GetSection("Pool");
}
