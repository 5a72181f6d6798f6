using System.Buffers;
using System.Text;
using Stratum.Mining;

namespace Stratum.Server.Tests;

/// <summary>The state machine without a driver: what waits, what is replaced, what is recorded when.</summary>
public sealed class SlotTests
{
    [Fact]
    public void Take_NewerJobWaits_ReplacesAndKeepsTheCleanFlag()
    {
        var (server, session) = Login();
        Broadcast(server, tip: 2);
        Broadcast(server, tip: 2);
        Broadcast(server, tip: 2);
        var newest = Broadcast(server, tip: 2);
        Assert.False(newest.Clean);
        var line = Assert.Single(Take(session));
        Assert.Contains($"\"{newest.Id}\"", line);
        Assert.EndsWith(",true]}", line);
        Broadcast(server, tip: 2);
        Assert.EndsWith(",false]}", Assert.Single(Take(session)));
    }

    [Fact]
    public void Take_CleanJobOfTheSameBlockWasReplacedTwice_StillClean()
    {
        var (server, session) = Login();
        var clean = Work.NewJob((uint)DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        clean.Clean = true;
        _ = server.BroadcastAsync(clean).AsTask();
        Broadcast(server);
        Broadcast(server);
        Assert.EndsWith(",true]}", Assert.Single(Take(session)));
    }

    [Fact]
    public void Take_TwoDifficultiesBeforeOneJob_OnlyTheLastIsSent()
    {
        var (server, session) = Login();
        session.Difficulty = new Difficulty(3e-9);
        Broadcast(server);
        session.Difficulty = new Difficulty(2e-9);
        Broadcast(server);
        var lines = Take(session);
        Assert.Equal(2, lines.Count);
        Assert.Equal("""{"id":null,"method":"mining.set_difficulty","params":[0.000000002]}""", lines[0]);
    }

    [Fact]
    public void Take_DifficultyChangedAndBack_NothingSaid()
    {
        var (server, session) = Login();
        session.Difficulty = new Difficulty(3e-9);
        session.Difficulty = TestServer.Easy;
        Broadcast(server);
        Assert.Contains("mining.notify", Assert.Single(Take(session)));
    }

    [Fact]
    public void Take_JobStillWaits_IsNotYetSentForTheJudgement()
    {
        var (server, session) = Login(take: false);
        var job = server.Work.Current!;
        Feed(session, $$"""{"id":5,"method":"mining.submit","params":["w","{{job.Id}}","0000000000000001","60000000","1"]}""");
        Assert.Contains("[21,", Take(session)[2]);
        Feed(session, $$"""{"id":6,"method":"mining.submit","params":["w","{{job.Id}}","0000000000000001","60000000","1"]}""");
        Assert.DoesNotContain("[21,", Assert.Single(Take(session)));
    }

    [Fact]
    public void Take_MoreThanOneChunk_LinesStayWhole()
    {
        var (server, session) = Login();
        var text = new string('x', 1000);
        for (var i = 0; i < 200; i++)
            _ = session.ShowMessageAsync(text + i);
        var job = Broadcast(server);
        var writer = new ArrayBufferWriter<byte>();
        Assert.True(session.Outbound.Take(writer));
        Assert.Equal(64 * 1024, writer.WrittenCount);
        // What waited behind the first chunk can still be replaced.
        var newer = Broadcast(server);
        while (session.Outbound.Take(writer))
        {
        }
        var lines = Encoding.UTF8.GetString(writer.WrittenSpan).TrimEnd('\n').Split('\n');
        Assert.Equal(201, lines.Length);
        for (var i = 0; i < 200; i++)
            Assert.Equal($$"""{"id":null,"method":"client.show_message","params":["{{text}}{{i}}"]}""", lines[i]);
        Assert.Contains($"\"{newer.Id}\"", lines[200]);
        Assert.DoesNotContain($"\"{job.Id}\"", string.Join('\n', lines));
    }

    [Fact]
    public void Receive_OutputFull_PausedUntilItDrains()
    {
        var (_, session) = Login(options => options.Limits.MaxOutputBytes = 4096);
        var line = Encoding.UTF8.GetBytes("""{"id":1,"method":"mining.ping"}""" + "\n");
        var many = new byte[line.Length * 1000];
        for (var i = 0; i < 1000; i++)
            line.CopyTo(many, i * line.Length);
        var taken = session.Receive(many);
        Assert.InRange(taken, line.Length, many.Length / 2);
        Assert.Equal(0, taken % line.Length);
        Assert.True(session.IsPaused);
        Assert.Equal(0, session.Receive(many.AsSpan(taken)));
        var answered = 0;
        var rest = many.AsSpan();
        while (!rest.IsEmpty || session.Outbound.IsFull)
        {
            rest = rest[(answered == 0 ? taken : session.Receive(rest))..];
            answered += Take(session).Count;
        }
        answered += Take(session).Count;
        Assert.Equal(1000, answered);
    }

    [Fact]
    public void Notify_PilesUpBeforeAPeerThatDoesNotRead_Closed()
    {
        var (_, session) = Login(options => options.Limits.MaxOutputBytes = 4096);
        for (var i = 0; i < 100; i++)
            _ = session.ShowMessageAsync(new string('x', 1000));
        Assert.Equal(DisconnectReason.WriteTimeout, session.CloseReason);
    }

    [Fact]
    public void Open_JobBroadcastWhileItOpens_NewestOnceAndNothingOlderAfterIt()
    {
        var (server, session) = Login();
        var older = new EncodedJob(server.Work.Current!);
        var newest = new EncodedJob(Broadcast(server));
        var outbound = new Outbound(4096) { Difficulty = TestServer.Easy };
        var writer = new ArrayBufferWriter<byte>();
        outbound.Open(session.Subscription!, 0, _ =>
        {
            Assert.True(outbound.SetJob(newest), "a broadcast at this moment would miss the session");
            Assert.True(outbound.Take(writer));
            return older;
        });
        outbound.SetJob(newest);
        Assert.False(outbound.Take(writer));
        var lines = Encoding.UTF8.GetString(writer.WrittenSpan).TrimEnd('\n').Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.Contains($"\"{newest.Job.Id}\"", lines[1]);
    }

    [Fact]
    public void Take_CleanJobWentToAnotherSession_NextJobOfThatBlockIsClean()
    {
        var (server, session) = Login();
        var other = server.NewSession();
        server.Add(other);
        Feed(other, """{"id":1,"method":"mining.subscribe"}""");
        Feed(other, """{"id":2,"method":"mining.authorize","params":["w","x"]}""");
        var job = Work.NewJob((uint)DateTimeOffset.UtcNow.ToUnixTimeSeconds(), tip: 2);
        _ = other.SendJobAsync(job).AsTask();
        Assert.True(job.Clean);
        Assert.Empty(Take(session));
        Assert.False(Broadcast(server, tip: 2).Clean);
        Assert.EndsWith(",true]}", Assert.Single(Take(session)));
    }

    [Fact]
    public void Take_NewExtranonce_JobIsClean()
    {
        var (server, session) = Login();
        Feed(session, """{"id":3,"method":"mining.extranonce.subscribe"}""");
        Assert.True(session.TrySetExtranonce(new Extranonce([1, 2, 3, 4])));
        Broadcast(server);
        var lines = Take(session);
        Assert.Equal(3, lines.Count);
        Assert.Contains("mining.set_extranonce", lines[1]);
        Assert.EndsWith(",true]}", lines[2]);
    }

    private static (StratumServer Server, StratumSession Session) Login(Action<StratumServerOptions>? configure = null, bool take = true)
    {
        var options = new StratumServerOptions { Difficulty = TestServer.Easy };
        configure?.Invoke(options);
        var server = new StratumServer(options);
        var session = server.NewSession();
        server.Add(session);
        Broadcast(server);
        Feed(session, """{"id":1,"method":"mining.subscribe"}""");
        Feed(session, """{"id":2,"method":"mining.authorize","params":["w","x"]}""");
        if (take)
            Assert.Equal(4, Take(session).Count);
        return (server, session);
    }

    private static Job Broadcast(StratumServer server, byte tip = 1)
    {
        var job = Work.NewJob((uint)DateTimeOffset.UtcNow.ToUnixTimeSeconds(), tip);
        _ = server.BroadcastAsync(job).AsTask();
        return job;
    }

    private static void Feed(StratumSession session, string line)
    {
        var bytes = Encoding.UTF8.GetBytes(line + "\n");
        Assert.Equal(bytes.Length, session.Receive(bytes));
    }

    private static List<string> Take(StratumSession session)
    {
        var writer = new ArrayBufferWriter<byte>();
        while (session.Outbound.Take(writer))
        {
        }
        var text = Encoding.UTF8.GetString(writer.WrittenSpan);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }
}
