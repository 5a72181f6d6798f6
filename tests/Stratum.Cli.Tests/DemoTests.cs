using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Stratum.Cli.Tests;

public class DemoTests
{
    [Fact]
    public async Task Demo_ForAWhileAsJson_AcceptsSharesAndFindsBlocks()
    {
        await using var demo = Command.Start("demo", "--duration", "15s", "--json", "--port", "0");
        Assert.Equal(0, await demo.ExitCodeAsync());
        var line = Assert.Single(demo.Lines);
        var json = JsonDocument.Parse(line).RootElement;
        Assert.True(json.GetProperty("accepted").GetInt64() > 0, line);
        Assert.Equal(0, json.GetProperty("rejected").GetInt64());
        Assert.True(json.GetProperty("stale").GetInt64() >= 0);
        Assert.True(json.GetProperty("blocks").GetInt64() > 0, line);
        Assert.True(json.GetProperty("height").GetInt64() > 0, line);
        Assert.True(json.GetProperty("hashrate").GetDouble() > 0, line);
        Assert.True(json.GetProperty("secondsToFirstShare").GetDouble() > 0, line);
    }

    [Fact]
    public async Task Demo_PortTaken_FailsAndNamesTheOption()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await using var demo = Command.Start("demo", "--port", ((IPEndPoint)taken.LocalEndpoint).Port.ToString());
        Assert.Equal(1, await demo.ExitCodeAsync());
        Assert.Contains("--port", demo.LastError);
    }

    [Theory]
    [InlineData("demo", "--duration", "soon")]
    [InlineData("demo", "--miners", "0")]
    [InlineData("pool", "--simulate", "--coin", "nonesuch")]
    [InlineData("pool", "--simulate", "--daemon", "http://127.0.0.1:1")]
    [InlineData("pool", "--coin", "bitcoin")]
    [InlineData("pool", "--daemon", "http://127.0.0.1:1", "--address", "nonsense", "--rpc-cookie", "x")]
    [InlineData("pool", "--simulate", "--difficulty", "0.0000000001")]
    [InlineData("pool", "--simulate", "--listen", "0.0.0.0")]
    [InlineData("mine", "nonsense://x", "--user", "u")]
    [InlineData("mine", "stratum+tcp://127.0.0.1:1", "--user", "u", "--algorithm", "x11")]
    [InlineData("nonesuch")]
    public async Task Command_BadUsage_ExitsWithTwo(params string[] arguments)
    {
        await using var command = Command.Start(arguments);
        Assert.Equal(2, await command.ExitCodeAsync());
        Assert.NotEqual("", command.LastError);
    }

    [Fact]
    public async Task Pool_DifficultyBelowTheFloor_NamesTheFloor()
    {
        await using var command = Command.Start("pool", "--simulate", "--difficulty", "0.0000000001");
        Assert.Equal(2, await command.ExitCodeAsync());
        Assert.Contains("0.00000000023", command.LastError);
    }

    [Theory]
    [InlineData("--output", "OTHER=100%")]
    [InlineData("--output", "OURS=5%")]
    [InlineData("--output", "OTHER=1%", "--output", "OTHER=2%")]
    [InlineData("--output", "OTHER=1.5.5")]
    [InlineData("--output", "nonsense=1%")]
    [InlineData("--tag", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    [InlineData("--journal", "")]
    [InlineData("--transport", "carrier-pigeon")]
    [InlineData("--transport", "1")]
    [InlineData("--block-time", "3s")]
    [InlineData("--daemon", "http://localhost:1")]
    [InlineData("--rpc-user", "u", "--rpc-password-file", "f")]
    public async Task Pool_WhatCannotBe_IsRefusedBeforeADaemonIsAsked(params string[] more)
    {
        var network = Mining.Coin.Bitcoin.GetNetwork("regtest");
        var ours = Mining.Address.FromPublicKeyHash(new byte[20], network).Text;
        var other = Mining.Address.FromPublicKeyHash(Enumerable.Repeat((byte)1, 20).ToArray(), network).Text;
        await using var command = Command.Start(["pool", "--network", "regtest", "--address", ours, "--daemon", "http://127.0.0.1:1",
            "--rpc-cookie", "x", "--port", "0", .. more.Select(text => text.Replace("OURS", ours).Replace("OTHER", other))]);
        Assert.Equal(2, await command.ExitCodeAsync());
        Assert.NotEqual("", command.LastError);
    }
}
