using System.Buffers;
using System.Text;
using Stratum.Mining;

namespace Stratum.Server.Tests;

/// <summary>From the bytes of a submit to the bytes of its answer nothing is allocated.</summary>
public sealed class AllocationTests
{
    // A shard of seen shares grows at 384 and at 768: 560 shares in each are far from both.
    private const int WarmUp = 9_000;
    private const int Measured = 300;

    [Theory]
    [InlineData(false, "result\":true")]
    [InlineData(true, "result\":true")]
    public void Submit_Accepted_AllocatesNothing(bool handler, string answer) =>
        Measure(handler, answer, TestServer.Easy, (peer, n) => peer.Solve(n));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Submit_UnknownJob_AllocatesNothing(bool handler) =>
        Measure(handler, "[21,", TestServer.Easy, (_, n) => new Solution("nosuchjob", n.ToString("x16"), "60000000", "00000001", null, 0));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Submit_Duplicate_AllocatesNothing(bool handler)
    {
        Solution? share = null;
        Measure(handler, "[22,", TestServer.Easy, (peer, _) => share ??= peer.Solve(), skip: 1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Submit_LowDifficulty_AllocatesNothing(bool handler) =>
        Measure(handler, "[23,", new Difficulty(1), (peer, n) => new Solution(peer.JobId, n.ToString("x16"), peer.Time, "00000001", null, 0));

    private static void Measure(bool handler, string answer, Difficulty difficulty, Func<Login, ulong, Solution> make, int skip = 0)
    {
        var server = new StratumServer(new StratumServerOptions { Difficulty = difficulty });
        if (handler)
            server.OnSubmit((_, share) => share.Verdict);
        var session = server.NewSession();
        server.Add(session);
        var job = Work.NewJob((uint)DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        _ = server.BroadcastAsync(job).AsTask();
        var written = new ArrayBufferWriter<byte>(4096);
        session.Receive("{\"id\":1,\"method\":\"mining.subscribe\"}\n{\"id\":2,\"method\":\"mining.authorize\",\"params\":[\"w\",\"x\"]}\n"u8);
        session.Outbound.Take(written);
        var notify = Encoding.UTF8.GetString(written.WrittenSpan).TrimEnd('\n').Split('\n')[^1];
        var login = new Login(NotifyLine.Read(System.Text.Json.JsonDocument.Parse(notify).RootElement),
            session.Subscription!.Extranonce1.ToString(), difficulty.Value);
        // In pieces, as a network delivers them: a line is cut now and then.
        var lines = Enumerable.Range(0, WarmUp + Measured + skip)
            .Select(n => Encoding.UTF8.GetBytes($$"""{"id":{{n}},"method":"mining.submit","params":{{make(login, (ulong)n).Parameters()}}}""" + "\n"))
            .ToArray();
        var expected = Encoding.UTF8.GetBytes(answer);
        for (var i = 0; i < WarmUp + skip; i++)
            Assert.True(Submit(session, lines[i], written, expected) || i < skip);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var right = true;
        for (var i = WarmUp + skip; i < lines.Length; i++)
            right &= Submit(session, lines[i], written, expected);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(right);
        Assert.Equal(0, allocated);
    }

    private static bool Submit(StratumSession session, byte[] line, ArrayBufferWriter<byte> written, byte[] expected)
    {
        written.ResetWrittenCount();
        session.Receive(line.AsSpan(0, 40));
        session.Receive(line.AsSpan(40));
        while (session.Outbound.Take(written))
        {
        }
        return written.WrittenSpan.IndexOf(expected) > 0;
    }

    private sealed record Login(NotifyLine Job, string Extranonce1, double Difficulty)
    {
        public string JobId => Job.JobId;

        public string Time => Job.Time;

        public Solution Solve(ulong n = 0) =>
            Solver.Find(Job, Extranonce1, n.ToString("x16"), Solver.Above(Difficulty));
    }
}
