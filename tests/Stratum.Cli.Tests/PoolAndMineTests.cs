using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Stratum.Testing;

namespace Stratum.Cli.Tests;

public class PoolAndMineTests
{
    [Theory]
    [InlineData("loop", "Driver, ")]
    [InlineData("pipe", "PipeDriver, as Transport says")]
    [InlineData("auto", "Driver, ")]
    public async Task Pool_Transport_SaysWhatCarriesItAndServes(string transport, string driver)
    {
        await using var pool = Command.Start("pool", "--simulate", "--json", "--port", "0", "--transport", transport);
        var listening = await pool.EventAsync("listening");
        Assert.Contains(driver, listening.GetProperty("driver").GetString());
        var url = $"stratum+tcp://127.0.0.1:{listening.GetProperty("port").GetInt32()}";
        await using var miner = Command.Start("mine", url, "--user", "someone", "--shares", "1");
        Assert.Equal(0, await miner.ExitCodeAsync());
    }

    [Theory]
    [InlineData("bitcoin", "sha256d", "0.00001", PosixSignal.SIGTERM)]
    [InlineData("litecoin", "scrypt", "0.0005", PosixSignal.SIGINT)]
    public async Task PoolAndMiner_SeparateProcesses_SharesAndBlocksAreTold(
        string coin, string algorithm, string difficulty, PosixSignal signal)
    {
        await using var pool = Command.Start("pool", "--simulate", "--json", "--port", "0", "--coin", coin, "--difficulty", difficulty);
        var listening = await pool.EventAsync("listening");
        Assert.Equal("127.0.0.1", listening.GetProperty("address").GetString());
        var url = $"stratum+tcp://127.0.0.1:{listening.GetProperty("port").GetInt32()}";

        await using (var miner = Command.Start("mine", url, "--user", "someone", "--algorithm", algorithm, "--shares", "10"))
        {
            Assert.Equal(0, await miner.ExitCodeAsync());
            Assert.DoesNotContain("lost", miner.Errors, StringComparison.Ordinal);
        }

        var share = await pool.EventAsync("share", json => json.GetProperty("accepted").GetBoolean());
        Assert.Equal("someone", share.GetProperty("worker").GetString());
        Assert.Equal(double.Parse(difficulty), share.GetProperty("difficulty").GetDouble());
        Assert.True(share.GetProperty("shareDifficulty").GetDouble() >= share.GetProperty("difficulty").GetDouble() * 0.9999);
        Assert.Equal(JsonValueKind.Null, share.GetProperty("reason").ValueKind);
        // The miner has its answers before the pool has written its lines.
        await pool.EventAsync("share", _ => pool.Events("share").Count(json => json.GetProperty("accepted").GetBoolean()) >= 10);
        Assert.All(pool.Events("share").Where(json => !json.GetProperty("accepted").GetBoolean()),
            json => Assert.Contains(json.GetProperty("reason").GetString(), new[] { "Stale work", "Job not found" }));
        var job = await pool.EventAsync("job");
        Assert.True(job.GetProperty("height").GetInt64() > 0);
        await pool.EventAsync("session", json => json.GetProperty("state").GetString() == "closed");
        Assert.Equal(0, await pool.SignalAsync(signal));
    }

    [Fact]
    public async Task Mine_UntilABlock_BlockIsAcceptedAndHeightGrows()
    {
        await using var pool = Command.Start("pool", "--simulate", "--json", "--port", "0", "--difficulty", "0.000001");
        var port = (await pool.EventAsync("listening")).GetProperty("port").GetInt32();
        await using var miner = Command.Start("mine", $"127.0.0.1:{port}", "--user", "u", "--duration", "60s");
        var block = await pool.EventAsync("block", json => json.GetProperty("accepted").GetBoolean());
        Assert.Equal(64, block.GetProperty("hash").GetString()!.Length);
        var next = block.GetProperty("height").GetInt64() + 1;
        await pool.EventAsync("job", json => json.GetProperty("height").GetInt64() == next && json.GetProperty("clean").GetBoolean());
    }

    [Fact]
    public async Task Mine_DifficultyInThePassword_IsTheMinersOwn()
    {
        await using var pool = Command.Start("pool", "--simulate", "--json", "--port", "0", "--difficulty", "1000");
        var port = (await pool.EventAsync("listening")).GetProperty("port").GetInt32();
        await using var miner = Command.Start(
            "mine", $"127.0.0.1:{port}", "--user", "u", "--password", "x,d=0.00002", "--shares", "2");
        Assert.Equal(0, await miner.ExitCodeAsync());
        var share = await pool.EventAsync("share", json => json.GetProperty("accepted").GetBoolean());
        Assert.Equal(0.00002, share.GetProperty("difficulty").GetDouble());
    }

    [Fact]
    public async Task Pool_JobIntervalOfLessThanASecond_JobsKeepThatPace()
    {
        await using var pool = Command.Start("pool", "--simulate", "--json", "--port", "0", "--difficulty", "1000",
            "--block-time", "10m", "--job-interval", "100ms");
        // A long poll that counts as one that does not wait is asked after 1, 2, 4, 8... 60 s.
        await pool.EventAsync("job", _ => pool.Events("job").Count() >= 20);
    }

    [Fact]
    public async Task Mine_WorkThatCannotBeRead_IsTold()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var miner = Command.Start("mine", $"{listener.LocalEndpoint}", "--user", "u", "--json");
        using var pool = await listener.AcceptTcpClientAsync();
        await using var stream = pool.GetStream();
        using var reader = new StreamReader(stream);
        while (await reader.ReadLineAsync() is { } line)
        {
            var request = JsonDocument.Parse(line).RootElement;
            var method = request.GetProperty("method").GetString();
            var result = method == "mining.subscribe" ? "[[],\"aabbccdd\",4]" : method == "mining.authorize" ? "true" : "{}";
            await stream.WriteAsync(Encoding.UTF8.GetBytes(
                $"{{\"id\":{request.GetProperty("id")},\"result\":{result},\"error\":null}}\n"));
            if (method == "mining.authorize")
                break;
        }
        await stream.WriteAsync("{\"id\":null,\"method\":\"mining.notify\",\"params\":[\"1\",\"00\"]}\n"u8.ToArray());
        await miner.EventAsync("protocolError", json => json.GetProperty("line").GetString()!.Contains("mining.notify"));
    }

    [Fact]
    public async Task Mine_NoPool_GivesUpAfterRetryForWithTheReason()
    {
        await using var miner = Command.Start("mine", "stratum+tcp://127.0.0.1:1", "--user", "u", "--retry-for", "2s");
        Assert.Equal(1, await miner.ExitCodeAsync());
        Assert.Contains("127.0.0.1:1", miner.LastError);
    }

    [Fact]
    public async Task Call_AndSend_PrintWhatThePoolSays()
    {
        await using var pool = Command.Start("pool", "--simulate", "--json", "--port", "0");
        var url = $"stratum+tcp://127.0.0.1:{(await pool.EventAsync("listening")).GetProperty("port").GetInt32()}";

        await using (var call = Command.Start("call", url, "mining.subscribe", "[\"tester\"]"))
        {
            Assert.Equal(0, await call.ExitCodeAsync());
            var result = JsonDocument.Parse(Assert.Single(call.Lines)).RootElement;
            Assert.Equal(3, result.GetArrayLength());
            Assert.Equal(8, result[2].GetInt32());
        }

        await using (var call = Command.Start("call", url, "mining.nonesuch"))
        {
            Assert.Equal(1, await call.ExitCodeAsync());
            Assert.Contains("Method not found", call.LastError);
        }

        await using (var call = Command.Start("call", url, "mining.subscribe", "not json"))
            Assert.Equal(2, await call.ExitCodeAsync());

        const string Lines = "{\"id\":\"a\",\"method\":\"mining.ping\",\"params\":[]}\n{\"id\":7,\"method\":\"x\"}\n";
        await using (var send = Command.StartWithInput(Lines, "send", url))
        {
            Assert.Equal(0, await send.ExitCodeAsync());
            Assert.Equal(
                ["{\"id\":\"a\",\"result\":\"pong\",\"error\":null}", "{\"id\":7,\"result\":null,\"error\":[-3,\"Method not found\",null]}"],
                send.Lines);
        }
    }

    [Fact]
    public async Task Pool_DaemonAbsent_SaysSoWaitsAndListensWhenItComes()
    {
        var daemonPort = Testing.FreePort.Next();
        var chain = new Simulation.SimulatedChain(new() { MinimumDifficulty = new Mining.Difficulty(0.001) });
        await using var daemon = new Simulation.SimulatedDaemon(
            chain, new() { Port = daemonPort, User = "operator", Password = "secret words" });
        using var folder = new Testing.TempFolder();
        var password = folder.Write("password", "wrong\n");
        var address = Mining.Address.FromPublicKeyHash(new byte[20], chain.Network);

        await using var pool = Command.Start("pool", "--daemon", $"http://127.0.0.1:{daemonPort}", "--rpc-user", "operator",
            "--rpc-password-file", password, "--network", "regtest", "--address", address.Text, "--json", "--port", "0");
        var absent = await pool.EventAsync("daemon", json => json.GetProperty("state").GetString() == "Absent");
        Assert.Contains(daemonPort.ToString(), absent.GetProperty("text").GetString());

        await daemon.StartAsync();
        await pool.EventAsync("daemon", json => json.GetProperty("state").GetString() == "Unauthorized");
        Assert.Empty(pool.Events("listening"));

        await File.WriteAllTextAsync(password, "secret words\n");
        await pool.EventAsync("listening");
        Assert.DoesNotContain("secret words", string.Join('\n', pool.Lines) + pool.Errors);
        Assert.Equal(0, await pool.SignalAsync(PosixSignal.SIGTERM));
    }

    [Fact]
    public async Task Pool_CertificateGiven_MinerConnectsByTls()
    {
        using var folder = new Testing.TempFolder();
        var pem = folder.Write("pool.pem", Certificates.SelfSignedPem());
        await using var pool = Command.Start(
            "pool", "--simulate", "--json", "--port", "0", "--difficulty", "0.00001", "--tls-cert", pem);
        var port = (await pool.EventAsync("listening")).GetProperty("port").GetInt32();
        await using var miner = Command.Start(
            "mine", $"stratum+ssl://127.0.0.1:{port}", "--user", "u", "--shares", "2", "--insecure");
        Assert.Equal(0, await miner.ExitCodeAsync());
        await pool.EventAsync("session", json => json.GetProperty("tls").GetBoolean());
    }

    [Fact]
    public async Task Pool_SeveralListeners_AllAreTold()
    {
        var ports = new[] { Testing.FreePort.Next(), Testing.FreePort.Next() };
        await using var pool = Command.Start("pool", "--simulate", "--json",
            "--listen", $"127.0.0.1:{ports[0]}", "--listen", $"[::1]:{ports[1]}");
        foreach (var port in ports)
            await pool.EventAsync("listening", json => json.GetProperty("port").GetInt32() == port);
    }
}
