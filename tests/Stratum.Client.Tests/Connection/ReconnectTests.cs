using System.Collections.Concurrent;
using Stratum.Mining;
using Stratum.Protocol;
using Stratum.Testing;

namespace Stratum.Client.Tests;

public sealed class ReconnectTests
{
    [Fact]
    public async Task Loss_EverythingAskedFor_IsAskedAgain()
    {
        await using var pool = new FakePool();
        var (client, miner) = await pool.LoginAsync(FakePool.Options with { VersionRollingMask = 0x1fffe000 });
        await using var _ = client;
        var second = client.AuthorizeAsync("bob", "pw");
        await miner.AnswerAsync(await miner.ExpectAsync("mining.authorize"), "\"result\":true");
        await second;
        client.SuggestDifficulty(new Difficulty(7));
        await miner.ExpectAsync("mining.suggest_difficulty");
        await using var jobs = client.ReadJobs();
        await miner.SendAsync(FakePoolConnection.Notify("old"));
        await jobs.NextAsync();
        var reconnecting = new TaskCompletionSource<ClientReconnecting>();
        client.Reconnecting += (_, value) =>
        {
            reconnecting.TrySetResult(value);
            return ValueTask.CompletedTask;
        };
        var lost = client.NextDisconnect();
        var back = client.NextConnect();
        miner.Reset();
        Assert.True((await lost).WillReconnect);
        Assert.Null(client.CurrentJob);
        Assert.Equal(1, (await reconnecting.Task.WaitAsync(FakePool.Patience)).Attempt);

        miner = await pool.AcceptAsync();
        await miner.AnswerAsync(await miner.ExpectAsync("mining.configure"), "\"result\":{\"version-rolling\":true,\"version-rolling.mask\":\"00002000\"}");
        await miner.AnswerSubscribeAsync("aaaaaaaa");
        await miner.SendAsync(FakePoolConnection.Notify("new")); // before the login is through
        var alice = await miner.ExpectAsync("mining.authorize");
        await Assert.ThrowsAsync<IOException>(() => client.CallAsync("a.early"));
        Assert.Null(client.CurrentJob);
        await miner.AnswerAsync(alice, "\"result\":true");
        Assert.Equal("[\"bob\",\"pw\"]", await AnswerAuthorizeAsync(miner));
        Assert.Equal("[7]", (await miner.ExpectAsync("mining.suggest_difficulty")).GetProperty("params").GetRawText());
        Assert.True((await back).IsReconnect);
        var job = await jobs.NextAsync();
        Assert.Equal(("new", "aaaaaaaa", 0x00002000u, true), (job.Id, job.Extranonce1.ToString(), job.VersionMask, job.Clean));
    }

    [Fact]
    public async Task Loss_PoolStaysAway_EndsWithTheReason()
    {
        var pool = new FakePool();
        var (client, miner) = await pool.LoginAsync(FakePool.Options with { ReconnectFor = TimeSpan.FromMilliseconds(30) });
        await using var _ = client;
        await using var jobs = client.ReadJobs();
        await pool.DisposeAsync();
        var error = await Assert.ThrowsAsync<IOException>(() => client.Completion.WaitAsync(FakePool.Patience));
        Assert.Contains("stayed away", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<IOException>(() => jobs.MoveNextAsync().AsTask());
        Assert.NotNull(miner);
    }

    [Fact]
    public async Task Loss_LoginRefusedAfterwards_EndsWithThePoolsWords()
    {
        await using var pool = new FakePool();
        var (client, miner) = await pool.LoginAsync();
        await using var _ = client;
        miner.Dispose();
        miner = await pool.AcceptAsync();
        await miner.AnswerSubscribeAsync();
        await miner.AnswerAsync(await miner.ExpectAsync("mining.authorize"), "\"result\":false,\"error\":[24,\"Account closed\",null]");
        var error = await Assert.ThrowsAsync<StratumRemoteException>(() => client.Completion.WaitAsync(FakePool.Patience));
        Assert.Equal("Account closed", error.Message);
        Assert.Null(await miner.ReadLineAsync());
    }

    [Fact]
    public async Task Loss_LoginRefusedButRetried_ComesBack()
    {
        await using var pool = new FakePool();
        var (client, miner) = await pool.LoginAsync(FakePool.Options with { RetryRefusedLogin = true });
        await using var _ = client;
        var back = client.NextConnect();
        miner.Dispose();
        miner = await pool.AcceptAsync();
        await miner.AnswerSubscribeAsync();
        await miner.AnswerAsync(await miner.ExpectAsync("mining.authorize"), "\"result\":false");
        await (await pool.AcceptAsync()).AnswerLoginAsync();
        await back;
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("[\"\",0,0]")]
    [InlineData("[\"LOCALHOST\"]")]
    public async Task ClientReconnect_SameHost_ComesBackThere(string parameters)
    {
        await using var pool = new FakePool();
        var (client, miner) = await pool.LoginAsync(FakePool.Options with { Reconnect = false });
        await using var _ = client;
        var back = client.NextConnect();
        await miner.SendAsync(FakePoolConnection.Notification("client.reconnect", parameters));
        await (await pool.AcceptAsync()).AnswerLoginAsync();
        Assert.Equal(pool.Port, (await back).Url.Port);
        Assert.Null(await miner.ReadLineAsync());
    }

    [Theory]
    [InlineData("localhost", "{0}")]
    [InlineData("127.0.0.1", "\"{0}\"")]
    public async Task ClientReconnect_OtherPortOrListedHost_GoesThereAndBackHomeAfterwards(string host, string port)
    {
        await using var pool = new FakePool();
        await using var other = new FakePool();
        var (client, miner) = await pool.LoginAsync(FakePool.Options with { ReconnectHosts = ["127.0.0.1"] });
        await using var _ = client;
        var there = client.NextConnect();
        string to = string.Format(System.Globalization.CultureInfo.InvariantCulture, port, other.Port);
        await miner.SendAsync(FakePoolConnection.Notification("client.reconnect", $"[\"{host}\",{to},0]"));
        var elsewhere = await other.AcceptAsync();
        await elsewhere.AnswerLoginAsync();
        Assert.Equal(new StratumUrl(host, other.Port), (await there).Url);
        var home = client.NextConnect();
        elsewhere.Dispose();
        await (await pool.AcceptAsync()).AnswerLoginAsync();
        Assert.Equal(pool.Port, (await home).Url.Port);
    }

    [Fact]
    public async Task ClientReconnect_ToNobodyWithoutReconnect_Ends()
    {
        await using var pool = new FakePool();
        var (client, miner) = await pool.LoginAsync(FakePool.Options with { Reconnect = false });
        await using var _ = client;
        int port = FreePort.Next();
        await miner.SendAsync(FakePoolConnection.Notification("client.reconnect", $"[\"localhost\",{port},0]"));
        var error = await Assert.ThrowsAsync<IOException>(() => client.Completion.WaitAsync(FakePool.Patience));
        Assert.Contains($"localhost:{port}", error.Message, StringComparison.Ordinal);
        Assert.False(pool.HasCaller);
    }

    [Fact]
    public async Task ConnectAsync_DisposedMeanwhile_LeavesNothingBehind()
    {
        for (int i = 0; i < 20; i++)
        {
            await using var pool = new FakePool();
            var client = new StratumClient(FakePool.Options);
            var accept = pool.AcceptAsync();
            var connect = client.ConnectAsync(pool.Url);
            var miner = await accept;
            await client.DisposeAsync();
            await connect.ContinueWith(static task => task.Exception);
            Assert.Null(await ReadToTheEndAsync(miner));
        }

        static async Task<string?> ReadToTheEndAsync(FakePoolConnection miner)
        {
            try
            {
                return await miner.ReadLineAsync();
            }
            catch (IOException)
            {
                return null; // reset
            }
        }
    }

    [Theory]
    [InlineData(true, "[\"evil.example.com\",3333,0]", "another host")]
    [InlineData(true, "[\"pool.localhost\",3333,0]", "another host")]
    [InlineData(false, "[]", "FollowReconnect")]
    public async Task ClientReconnect_ForeignHostOrIgnored_IsReportedOnly(bool follow, string parameters, string expected)
    {
        await using var pool = new FakePool();
        var (client, miner) = await pool.LoginAsync(FakePool.Options with { FollowReconnect = follow });
        await using var _ = client;
        var error = client.NextProtocolError();
        await miner.SendAsync(FakePoolConnection.Notification("client.reconnect", parameters));
        Assert.Contains(expected, (await error).Text, StringComparison.Ordinal);
        await client.SettleAsync(miner);
    }

    [Fact]
    public async Task ClientReconnect_Wait_IsBoundedAndKept()
    {
        var time = new ManualTime();
        await using var pool = new FakePool();
        var (client, miner) = await pool.LoginAsync(
            FakePool.Options with
            {
                TimeProvider = time,
                MaxReconnectWait = TimeSpan.FromSeconds(20),
                ConnectTimeout = Timeout.InfiniteTimeSpan, // the clock runs ahead below
                CallTimeout = Timeout.InfiniteTimeSpan,
                SilenceTimeout = Timeout.InfiniteTimeSpan,
            });
        await using var _ = client;
        var planned = new TaskCompletionSource<ClientReconnecting>();
        client.Reconnecting += (_, value) =>
        {
            planned.TrySetResult(value);
            return ValueTask.CompletedTask;
        };
        await miner.SendAsync(FakePoolConnection.Notification("client.reconnect", "[\"localhost\",0,3600]"));
        Assert.Equal(TimeSpan.FromSeconds(20), (await planned.Task.WaitAsync(FakePool.Patience)).Delay);
        Assert.False(pool.HasCaller);
        var accept = pool.AcceptAsync();
        while (!accept.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1);
        }

        await (await accept).AnswerLoginAsync();
    }

    [Fact]
    public async Task ClientReconnect_OverTls_StaysWithTls()
    {
        using var key = System.Security.Cryptography.RSA.Create(2048);
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest(
            "CN=localhost", key, System.Security.Cryptography.HashAlgorithmName.SHA256, System.Security.Cryptography.RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var certificate = System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadPkcs12(
            made.Export(System.Security.Cryptography.X509Certificates.X509ContentType.Pfx), null);
        await using var pool = new FakePool(certificate);
        await using var plain = new FakePool();
        var (client, miner) = await pool.LoginAsync(FakePool.Options with { DangerousAcceptAnyCertificate = true });
        await using var _ = client;
        await miner.SendAsync(FakePoolConnection.Notification("client.reconnect", $"[\"localhost\",{plain.Port},0]"));
        var caller = await plain.AcceptAsync();
        byte[] first = new byte[1];
        await caller.Stream.ReadExactlyAsync(first);
        Assert.Equal(0x16, first[0]); // a TLS hello, also where it is of no use
        caller.Dispose();
        await (await pool.AcceptAsync()).AnswerLoginAsync();
    }

    [Fact]
    public async Task Silence_LongerThanAllowed_CountsAsLost()
    {
        var time = new ManualTime();
        await using var pool = new FakePool();
        var (client, miner) = await pool.LoginAsync(FakePool.Options with { TimeProvider = time, Reconnect = false });
        await using var _ = client;
        var lost = client.NextDisconnect();
        time.Advance(TimeSpan.FromSeconds(119));
        await client.SettleAsync(miner);
        time.Advance(TimeSpan.FromSeconds(119));
        Assert.False(lost.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Contains("said nothing for 120 s", (await lost).Reason.Message, StringComparison.Ordinal);
        Assert.Null(await miner.ReadLineAsync());
    }

    [Fact]
    public async Task ConnectAsync_NobodyListens_SaysWhoAndMayBeTriedAgain()
    {
        int port = FreePort.Next();
        await using var client = new StratumClient();
        for (int i = 0; i < 2; i++)
        {
            var error = await Assert.ThrowsAsync<IOException>(() => client.ConnectAsync($"localhost:{port}"));
            Assert.Contains($"stratum+tcp://localhost:{port}", error.Message, StringComparison.Ordinal);
        }

        await using var pool = new FakePool();
        await client.ConnectAsync(pool.Url);
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.ConnectAsync(pool.Url));
        await Assert.ThrowsAsync<FormatException>(() => client.ConnectAsync("nonsense"));
    }

    [Fact]
    public async Task DisposeAsync_WhileReconnectingOrInsideAHandler_Ends()
    {
        var pool = new FakePool();
        var (client, miner) = await pool.LoginAsync(FakePool.Options with
        {
            ReconnectDelay = TimeSpan.FromHours(1), MaxReconnectDelay = TimeSpan.FromHours(1),
        });
        var lost = client.NextDisconnect();
        await pool.DisposeAsync();
        await lost;
        await client.DisposeAsync().AsTask().WaitAsync(FakePool.Patience);
        await client.Completion.WaitAsync(FakePool.Patience);
        Assert.Empty(await client.Jobs().ToArrayAsync());

        await using var other = new FakePool();
        (client, miner) = await other.LoginAsync();
        client.Disconnected += async (sender, _) => await ((StratumClient)sender).DisposeAsync();
        miner.Reset();
        await client.Completion.WaitAsync(FakePool.Patience);
    }

    [Fact]
    public void Backoff_Delays_DoubleWithJitterUpToTheMost()
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
        Assert.Equal([0.5, 1, 2, 4, 5, 5], Enumerable.Range(0, 6).Select(_ => backoff.Next(0).TotalSeconds));
        Assert.Equal(6, backoff.Attempt);
        Assert.Equal(10, backoff.Next(1).TotalSeconds);
        backoff.Reset();
        Assert.Equal(1, backoff.Next(1).TotalSeconds);
        for (int i = 0; i < 2000; i++)
            Assert.InRange(backoff.Next(0.3).TotalSeconds, 0.5, 10);
    }

    private static async Task<string> AnswerAuthorizeAsync(FakePoolConnection miner)
    {
        var request = await miner.ExpectAsync("mining.authorize");
        await miner.AnswerAsync(request, "\"result\":true");
        return request.GetProperty("params").GetRawText();
    }
}
