using System.Text;
using Stratum.Protocol;

namespace Stratum.Client.Tests;

public sealed class FramingTests
{
    [Fact]
    public async Task Lines_InOneBytePieces_AreRead()
    {
        await using var pool = new FakePool();
        var (client, miner) = await pool.LoginAsync();
        await using var _ = client;
        await using var jobs = client.ReadJobs();
        await miner.SendBytesAsync(FakePoolConnection.Notification("mining.set_difficulty", "[4]") + "\n" + FakePoolConnection.Notify("a") + "\n");
        Assert.Equal(4, (await jobs.NextAsync()).Difficulty.Value);
    }

    [Fact]
    public async Task Lines_BlankCarriageReturnAndManyInOnePacket_AreRead()
    {
        await using var pool = new FakePool();
        var (client, miner) = await pool.LoginAsync();
        await using var _ = client;
        var lines = new List<string>();
        client.LineReceived += (_, line) => lines.Add(line);
        await miner.SendAsync("", "  ", FakePoolConnection.Notify("a") + "\r", "\r", "", FakePoolConnection.Notify("b") + "\r", FakePoolConnection.Notify("c"));
        await client.SettleAsync(miner);
        Assert.Equal("c", client.CurrentJob!.Id);
        Assert.Equal([FakePoolConnection.Notify("a"), FakePoolConnection.Notify("b"), FakePoolConnection.Notify("c")], lines[..3]);
    }

    [Fact]
    public async Task Line_TenMegabytesWithoutEnd_ClosesTheConnection()
    {
        await using var pool = new FakePool();
        var (client, miner) = await pool.LoginAsync(FakePool.Options with { Reconnect = false });
        await using var _ = client;
        var lost = client.NextDisconnect();
        byte[] much = Encoding.ASCII.GetBytes(new string('x', 100_000));
        try
        {
            for (int i = 0; i < 100; i++)
                await miner.Stream.WriteAsync(much);
        }
        catch (IOException)
        {
            // closed in our face, as it should be
        }

        Assert.IsType<StratumProtocolException>((await lost).Reason);
        Assert.Contains("1048576 bytes", (await lost).Reason.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StratumProtocolException>(() => client.Completion);
    }

    [Fact]
    public async Task Line_OneBelowTheLimit_IsRead()
    {
        await using var pool = new FakePool();
        var (client, miner) = await pool.LoginAsync(FakePool.Options with { MaxLineLength = 2048 });
        await using var _ = client;
        var shown = new TaskCompletionSource<string>();
        client.MessageShown += (_, text) => shown.TrySetResult(text);
        string line = FakePoolConnection.Notification("client.show_message", "[\"\"]");
        string text = new('x', 2048 - line.Length);
        await miner.SendAsync(FakePoolConnection.Notification("client.show_message", $"[\"{text}\"]"));
        Assert.Equal(text, await shown.Task.WaitAsync(FakePool.Patience));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[1,2,3]")]
    [InlineData("null")]
    [InlineData("{\"id\":1}")]
    [InlineData("{\"id\":1,\"method\":5}")]
    [InlineData("{\"id\":null,\"method\":\"mining.notify\",\"params\":[}")]
    public async Task Line_Malformed_IsReportedAndTheTenthCloses(string line)
    {
        await using var pool = new FakePool();
        var (client, miner) = await pool.LoginAsync(FakePool.Options with { Reconnect = false });
        await using var _ = client;
        var lost = client.NextDisconnect();
        int errors = 0;
        client.ProtocolError += (_, error) => errors += error.Line == line ? 1 : 100;
        await miner.SendAsync([.. Enumerable.Repeat(line, 9)]);
        await client.SettleAsync(miner);
        Assert.Equal(9, errors);
        await miner.SendAsync(line);
        Assert.IsType<StratumProtocolException>((await lost).Reason);
    }

    [Fact]
    public async Task Line_InvalidUtf8_IsReported()
    {
        await using var pool = new FakePool();
        var (client, miner) = await pool.LoginAsync();
        await using var _ = client;
        var error = client.NextProtocolError();
        await miner.Stream.WriteAsync(new byte[] { (byte)'{', 0xff, (byte)'}', (byte)'\n' });
        Assert.Contains("UTF-8", (await error).Text, StringComparison.Ordinal);
        await client.SettleAsync(miner);
    }

    [Fact]
    public async Task Send_ManyAtOnce_AllArriveInOrder()
    {
        await using var pool = new FakePool();
        var (client, miner) = await pool.ConnectAsync();
        await using var _ = client;
        var sent = Enumerable.Range(0, 2000).Select(i => client.SendAsync($"line {i}")).ToArray();
        for (int i = 0; i < 2000; i++)
            Assert.Equal($"line {i}", await miner.ReadLineAsync());
        await Task.WhenAll(sent).WaitAsync(FakePool.Patience);
    }

    [Fact]
    public async Task Send_PoolNeverReads_ClosesAtTheLimit()
    {
        await using var pool = new FakePool();
        var (client, miner) = await pool.ConnectAsync(FakePool.Options with { MaxSendBuffer = 64 * 1024, Reconnect = false });
        await using var _ = client;
        var lost = client.NextDisconnect();
        string line = new('x', 16 * 1024);
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            var sent = new List<Task>();
            while (sent.Count < 100_000)
                sent.Add(client.SendAsync(line));
        });
        Assert.Contains("does not read", (await lost).Reason.Message, StringComparison.Ordinal);
        Assert.NotNull(miner);
    }
}
