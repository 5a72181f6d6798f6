using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Stratum.Mining;
using Stratum.Protocol;

namespace Stratum.Client.Tests;

public sealed class LoginTests
{
    [Fact]
    public async Task LoginAsync_EveryWish_IsAskedInOrder()
    {
        await using var pool = new FakePool();
        var (client, miner) = await pool.ConnectAsync(FakePool.Options with
        {
            VersionRollingMask = 0x1fffe000,
            SubscribeExtranonce = true,
            SuggestDifficulty = new Difficulty(0.00001),
            Password = "d=1",
            UserAgent = "tester/1",
        });
        await using var _ = client;
        var login = client.LoginAsync();
        var configure = await miner.ExpectAsync("mining.configure");
        Assert.Equal("1fffe000", configure.GetProperty("params")[1].GetProperty("version-rolling.mask").GetString());
        await miner.AnswerAsync(configure, "\"result\":{\"version-rolling\":true,\"version-rolling.mask\":\"ffffffff\"},\"error\":null");
        await miner.AnswerSubscribeAsync();
        var authorize = await miner.ExpectAsync("mining.authorize");
        Assert.Equal("[\"alice.rig\",\"d=1\"]", authorize.GetProperty("params").GetRawText());
        await miner.AnswerAsync(authorize, "\"result\":true,\"error\":null");
        await miner.AnswerAsync(await miner.ExpectAsync("mining.extranonce.subscribe"), "\"result\":false,\"error\":[20,\"Not supported.\",null]");
        Assert.Equal("[0.00001]", (await miner.ExpectAsync("mining.suggest_difficulty")).GetProperty("params").GetRawText());
        Assert.Equal("57a6f098", (await login).Extranonce1.ToString());
        Assert.Equal(0x1fffe000u, client.VersionMask); // the pool's and ours
        await client.SettleAsync(miner);
    }

    [Theory]
    [InlineData("\"result\":null,\"error\":[-3,\"Method not found\",null]")]
    [InlineData("\"result\":{\"version-rolling\":false},\"error\":null")]
    [InlineData("\"result\":true,\"error\":null")]
    [InlineData(null)]
    public async Task LoginAsync_ConfigureUnknownOrUnanswered_GoesOnWithoutVersionRolling(string? answer)
    {
        await using var pool = new FakePool();
        var (client, miner) = await pool.ConnectAsync(
            FakePool.Options with { VersionRollingMask = 0x1fffe000, ConfigureTimeout = TimeSpan.FromMilliseconds(answer is null ? 20 : 30_000) });
        await using var _ = client;
        var login = client.LoginAsync();
        var configure = await miner.ExpectAsync("mining.configure");
        if (answer is not null)
            await miner.AnswerAsync(configure, answer);
        await miner.AnswerLoginAsync();
        await login;
        await using var jobs = client.ReadJobs();
        await miner.SendAsync(FakePoolConnection.Notify("a"));
        var job = await jobs.NextAsync();
        Assert.False(job.VersionRolling);
        var submit = client.SubmitAsync(job, Extranonce.FromUInt64(0, 4), job.Time, 0);
        var sent = await miner.ExpectAsync("mining.submit");
        Assert.Equal(5, sent.GetProperty("params").GetArrayLength());
        await miner.AnswerAsync(sent, "\"result\":true");
        await submit;
    }

    [Fact]
    public async Task LoginAsync_Refused_ThrowsThePoolsWords()
    {
        await using var pool = new FakePool();
        var (client, miner) = await pool.ConnectAsync();
        await using var _ = client;
        var login = client.LoginAsync();
        await miner.AnswerSubscribeAsync();
        await miner.AnswerAsync(await miner.ExpectAsync("mining.authorize"), "\"result\":false,\"error\":[24,\"Go away\",null]");
        Assert.Equal("Go away", (await Assert.ThrowsAsync<StratumRemoteException>(() => login)).Message);
    }

    [Fact]
    public async Task Log_Everything_NeverShowsThePassword()
    {
        await using var pool = new FakePool();
        using var log = new ListLog();
        var (client, miner) = await pool.ConnectAsync(FakePool.Options with { Password = "hunter2", LoggerFactory = log });
        await using (client)
        {
            // Both in one batch: the log must not show the password of a neighbour either.
            Task[] calls =
            [
                client.CallAsync("a.login", """{"pass":"hunter2"}"""), client.LoginAsync(), client.AuthorizeAsync("bob", "hunter2"),
            ];
            await miner.ReadLineAsync();
            await miner.AnswerSubscribeAsync();
            await miner.ReadLineAsync();
            await miner.SendAsync("{\"id\":null,\"method\":\"client.show_message\",\"params\":[\"hello\"]}");
            Assert.Equal(3, calls.Length);
            await client.SendAsync("""{"id":9,"method":"mining.\u0061uthorize","params":["u","hunter2"]}""");
            await client.SendAsync("mining.authorize u hunter2");
        }

        Assert.Contains(log.Lines, line => line.Contains("mining.subscribe", StringComparison.Ordinal));
        Assert.Contains(log.Lines, line => line.Contains("\"mining.authorize\",\"params\":(not shown)", StringComparison.Ordinal));
        Assert.DoesNotContain(log.Lines, line => line.Contains("hunter2", StringComparison.Ordinal));
    }

    private sealed class ListLog : ILoggerFactory, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
