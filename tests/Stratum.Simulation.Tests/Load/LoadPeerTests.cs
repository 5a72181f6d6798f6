using System.Buffers;
using System.Diagnostics;
using System.Text;
using Stratum.Client;
using Stratum.Testing;

namespace Stratum.Simulation.Tests;

public sealed class LoadPeerTests
{
    private const string Subscribed = """{"id":1,"result":[[["mining.notify","a"]],"0a0b0c0d",4],"error":null}""";
    private const string Authorized = """{"id":2,"result":true,"error":null}""";
    private const string Difficulty = """{"id":null,"method":"mining.set_difficulty","params":[0.5]}""";
    private const string Login = Subscribed + "\n" + Authorized + "\n";

    private readonly ArrayBufferWriter<byte> _output = new();
    private LoadCourse _course = Course(LoadMode.Submit, 2);

    public static TheoryData<string, string> Misbehaviour => new()
    {
        { "HTTP/1.1 400 Bad Request\r\n", "no message" },
        { "{\"id\":1\n", "no message" },
        { """{"id":1,"result":null,"error":[20,"go away",null]}""" + "\n", "refused mining.subscribe: go away" },
        { """{"id":1,"result":7,"error":null}""" + "\n", "refused mining.subscribe" },
        { """{"id":2,"result":true,"error":null}""" + "\n", "another request" },
        { """{"id":null,"result":null,"error":[20,"what?",null]}""" + "\n", "another request" },
        { Subscribed + "\n" + """{"id":2,"result":false,"error":null}""" + "\n", "refused mining.authorize" },
        { Subscribed + "\n" + """{"id":2,"result":null,"error":[24,"who are you",null]}""" + "\n", "refused mining.authorize: who are you" },
        { Login + """{"id":10000000,"result":true,"error":null}""" + "\n", "does not wait" },
        { Login + """{"id":"x","result":true,"error":null}""" + "\n", "not asked" },
        { Login + """{"id":null,"method":"mining.notify","params":["1"]}""" + "\n", "cannot be used" },
        { Login + """{"id":null,"method":"mining.set_difficulty","params":[-1]}""" + "\n", "cannot be used" },
        { new string('x', StratumClientOptions.Default.MaxLineLength + 1), "longer than" },
    };

    [Fact]
    public void Receive_InAnyTwoPieces_LogsInAndFillsItsWindow()
    {
        string dialog = $"{Login}{Difficulty}\n{Notify("a")}\n";
        string expected = "";
        for (int split = 0; split <= dialog.Length; split++)
        {
            _course = Course(LoadMode.Submit, 2);
            _course.IsSubmitting = true;
            LoadPeer peer = Connected();
            Receive(peer, dialog[..split]);
            Receive(peer, dialog[split..]);
            Assert.Equal((LoadState.Ready, 2), (peer.State, peer.Outstanding));
            string said = Said();
            expected = expected.Length == 0 ? said : expected;
            Assert.Equal(expected, said);
        }

        Assert.Collection(expected.TrimEnd('\n').Split('\n'),
            line => Assert.Equal("""{"id":1,"method":"mining.subscribe","params":["stratum-bench/1"]}""", line),
            line => Assert.Equal("""{"id":2,"method":"mining.authorize","params":["bench.1","x"]}""", line),
            line => Assert.StartsWith("""{"id":10000000,"method":"mining.submit","params":["bench.1","a",""", line, StringComparison.Ordinal),
            line => Assert.StartsWith("""{"id":10000001,"method":"mining.submit","params":["bench.1","a",""", line, StringComparison.Ordinal));
    }

    [Fact]
    public void Receive_OneByteAtATime_TheSame()
    {
        _course.IsSubmitting = true;
        LoadPeer peer = Connected();
        foreach (char one in $"{Login}{Difficulty}\r\n\n{Notify("a")}\n")
        {
            Receive(peer, one.ToString());
        }

        Assert.Equal((LoadState.Ready, 2), (peer.State, peer.Outstanding));
    }

    [Fact]
    public void Receive_Answers_AreCountedTimedAndFollowedByNewShares()
    {
        _course.IsSubmitting = true;
        LoadPeer peer = Ready(now: 1000);
        _course.Tally.Begin(900);
        Said();

        Receive(peer, Answer(10_000_001, "true", "null") + Answer(10_000_000, "false", """[23,"Low difficulty share",null]"""), 4000);

        Assert.Equal(new LoadAnswers(1, 1, 0, 0, 0), _course.Tally.Measured);
        Assert.Equal((2, 3000), (_course.Tally.Latency.Count, _course.Tally.Latency.Max));
        Assert.Equal(2, peer.Outstanding);
        string[] said = Said().TrimEnd('\n').Split('\n');
        Assert.Equal(["10000002", "10000003"], said.Select(line => line.Substring(6, 8)));

        _course.Tally.End(4100);
        _course.IsSubmitting = false;
        Receive(peer, Answer(10_000_002, "true", "null"), 9000);
        // Answered after the end: timed, since it was due before, and no operation.
        Assert.Equal(new LoadAnswers(1, 1, 0, 0, 0), _course.Tally.Measured);
        Assert.Equal(new LoadAnswers(2, 1, 0, 0, 0), _course.Tally.All);
        Assert.Equal((3, 5000), (_course.Tally.Latency.Count, _course.Tally.Latency.Max));
        Assert.Equal((1, ""), (peer.Outstanding, Said()));
    }

    [Fact]
    public void Receive_SharesOfManySessions_AreNeverTheSame()
    {
        _course = Course(LoadMode.Submit, 100);
        _course.IsSubmitting = true;
        var shares = new HashSet<string>();
        for (int number = 0; number < 20; number++)
        {
            var peer = new LoadPeer(_course, number);
            peer.Connected(_output);
            Receive(peer, $"{Login}{Notify("a")}\n");
        }

        string[] submits = [.. Said().Split('\n').Where(line => line.Contains("mining.submit", StringComparison.Ordinal))];
        Assert.Equal(2000, submits.Length);
        Assert.All(submits, line => Assert.True(shares.Add(line[line.IndexOf("params", StringComparison.Ordinal)..]), line));
    }

    [Theory]
    [InlineData("""{"id":7,"method":"mining.ping","params":[]}""", """{"id":7,"result":"pong","error":null}""")]
    [InlineData("""{"id":"v","method":"client.get_version","params":[]}""", """{"id":"v","result":"stratum-bench/1","error":null}""")]
    [InlineData("""{"id":8,"method":"client.show_message","params":["hi"]}""", """{"id":8,"result":null,"error":[20,"Not supported",null]}""")]
    [InlineData("""{"id":null,"method":"client.show_message","params":["hi"]}""", "")]
    public void Receive_RequestOfTheServer_IsAnswered(string request, string answer)
    {
        LoadPeer peer = Ready();
        Said();
        Receive(peer, request + "\n");
        Assert.Equal(answer, Said().TrimEnd('\n'));
        Assert.Equal(LoadState.Ready, peer.State);
    }

    [Theory]
    [MemberData(nameof(Misbehaviour))]
    public void Receive_Misbehaviour_BreaksItWithTheReason(string bytes, string reason)
    {
        LoadPeer peer = Connected();
        Receive(peer, bytes);
        Assert.Equal(LoadState.Broken, peer.State);
        Assert.Contains(reason, peer.Failure, StringComparison.Ordinal);
        Said();
        Receive(peer, Login);
        Assert.Equal((LoadState.Broken, ""), (peer.State, Said()));
    }

    [Fact]
    public void Receive_JobBeforeTheLogin_IsUsed()
    {
        _course.IsSubmitting = true;
        LoadPeer peer = Connected();
        Receive(peer, $"{Subscribed}\n{Difficulty}\n{Notify("early")}\n");
        Assert.Equal(LoadState.Authorizing, peer.State);
        Receive(peer, Authorized + "\n");
        Assert.Equal(LoadState.Ready, peer.State);
        Assert.Contains("\"early\"", Said(), StringComparison.Ordinal);
    }

    [Fact]
    public void Receive_NoJob_WaitsForItOnlyToSubmit()
    {
        LoadPeer peer = Connected();
        Receive(peer, Login);
        Assert.Equal(LoadState.WaitingForJob, peer.State);
        _course = Course(LoadMode.Idle);
        LoadPeer idle = Connected();
        Receive(idle, Login);
        Assert.Equal(LoadState.Ready, idle.State);
    }

    [Fact]
    public void Receive_NewJob_SharesAreOfItAtOnce()
    {
        _course.IsSubmitting = true;
        LoadPeer peer = Ready();
        Said();
        Receive(peer, Answer(10_000_000, "true", "null") + Notify("b") + "\n");
        Assert.Contains("\"bench.1\",\"b\"", Said(), StringComparison.Ordinal);
    }

    [Fact]
    public void Receive_JobAtSeveralSessions_ItsSpreadIsFromTheFirstToTheLast()
    {
        _course = Course(LoadMode.Broadcast);
        LoadPeer[] peers = [.. Enumerable.Range(0, 3).Select(_ => Ready(now: 5))];
        _course.Sessions = 3;
        _course.Tally.Begin(100);
        // The second has a line of its own, as servers do that pay by user; the last hears of it twice.
        Receive(peers[0], Notify("b") + "\n", 1000);
        Receive(peers[1], Notify("b", "ffff") + "\n", 1500);
        Receive(peers[2], Notify("b") + "\n", 1700);
        Receive(peers[2], Notify("b") + "\n", 9000);
        _course.Jobs.Finish();

        Assert.Equal(3, _course.Tally.JobsReceived);
        Assert.Equal((1, 700), (_course.Jobs.Spread.Count, _course.Jobs.Spread.Max));
    }

    [Fact]
    public void Receive_JobNotAtAllSessions_IsCountedAndNotTimed()
    {
        _course = Course(LoadMode.Broadcast);
        LoadPeer[] peers = [.. Enumerable.Range(0, 3).Select(_ => Ready(now: 5))];
        _course.Sessions = 3;
        _course.Tally.Begin(100);
        Receive(peers[0], Notify("for one") + "\n", 1000);
        Receive(peers[0], Notify("for two") + "\n", 2000);
        Receive(peers[1], Notify("for two") + "\n", 2900);
        foreach (LoadPeer peer in peers)
        {
            Receive(peer, Notify("for all") + "\n", 3000);
        }

        _course.Jobs.Finish();
        Assert.Equal((1, 0, 2), (_course.Jobs.Spread.Count, _course.Jobs.Spread.Max, _course.Jobs.Incomplete));
        Assert.Equal(6, _course.Tally.JobsReceived);
    }

    [Fact]
    public void Receive_JobsWithoutEnd_OnlyTheLastAreFollowed()
    {
        _course = Course(LoadMode.Broadcast);
        _course.Sessions = 1;
        LoadPeer peer = Ready(now: 5);
        _course.Tally.Begin(100);
        for (int i = 0; i < 500; i++)
        {
            Receive(peer, Notify($"j{i}") + "\n", 1000 + i);
        }

        Assert.Equal(500 - 64, _course.Jobs.Spread.Count);
        _course.Jobs.Finish();
        Assert.Equal(500, _course.Jobs.Spread.Count);
    }

    [Fact]
    public void Submit_ServerThatNeverAnswers_BreaksAtItsMost()
    {
        _course = Course(LoadMode.Submit, 1);
        LoadPeer peer = Ready();
        for (int i = 0; i < Waiting.Most; i++)
        {
            peer.Submit(1, _output);
            Assert.Equal(LoadState.Ready, peer.State);
        }

        peer.Submit(1, _output);
        Assert.Equal(LoadState.Broken, peer.State);
        Assert.Contains("unanswered", peer.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Receive_ServerThatLeavesOneShareUnanswered_BreaksWhenItsWindowCannotBeFilled()
    {
        _course = Course(LoadMode.Submit, 4);
        _course.IsSubmitting = true;
        LoadPeer peer = Ready();
        await Task.Run(() =>
        {
            for (int id = 10_000_001; peer.State == LoadState.Ready; id++)
            {
                Assert.True(id < 10_000_000 + Waiting.Most);
                _output.ResetWrittenCount();
                Receive(peer, Answer(id, "true", "null"));
            }
        }).WaitAsync(LoadRuns.Patience);

        Assert.Equal((LoadState.Broken, 3), (peer.State, peer.Outstanding));
        Assert.Contains("unanswered", peer.Failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(null, 5.0)]
    public void Receive_SolvedShare_IsTimedFromWhenItWasFoundOrDue(int? window, double? rate)
    {
        _course = new LoadCourse(new LoadOptions { Url = new StratumUrl("127.0.0.1", 1), Mode = LoadMode.Solve, Window = window, Rate = rate });
        _course.IsSubmitting = true;
        _course.Tally.Begin(1);
        LoadPeer peer = Connected();
        long before = Stopwatch.GetTimestamp();
        Receive(peer, $"{Login}{Difficulty.Replace("0.5", "0.00000001", StringComparison.Ordinal)}\n{Notify("a")}\n");
        if (rate is not null)
        {
            peer.Submit(1, _output);
        }

        long after = Stopwatch.GetTimestamp();
        Assert.Equal(1, peer.Outstanding);
        Receive(peer, Answer(10_000_000, "true", "null"), after);
        Assert.Equal(1, _course.Tally.Latency.Count);
        Assert.Equal(window is not null, _course.Tally.Latency.Max <= after - before);
        Assert.Equal(rate is not null, _course.Tally.Latency.Max == after - 1);
    }

    [Fact]
    public void Fill_NothingLearnedAnew_AllocatesNothing()
    {
        _course = Course(LoadMode.Submit, 4);
        _course.IsSubmitting = true;
        LoadPeer peer = Ready();
        _course.Tally.Begin(1);
        byte[] answers = Encoding.UTF8.GetBytes(
            string.Concat(Enumerable.Range(10_000_000, 10_000).Select(id => Answer(id, "true", "null"))));
        int length = answers.Length / 10_000;
        int at = 0;

        Assert.Equal(0, Allocated.Least(() =>
        {
            for (int count = 0; count < 1000; count++, at += length)
            {
                _output.ResetWrittenCount();
                peer.Receive(answers.AsSpan(at, length), 2, _output);
            }
        }));
        Assert.Equal(10_000, _course.Tally.All.Accepted);
    }

    private static LoadCourse Course(LoadMode mode, int? window = null) =>
        new(new LoadOptions { Url = new StratumUrl("127.0.0.1", 1), Mode = mode, Window = window });

    private static string Notify(string id, string coinbase2 = "00") =>
        $$"""{"id":null,"method":"mining.notify","params":["{{id}}","{{new string('0', 64)}}","01","{{coinbase2}}",[],"20000000","207fffff","6553f100",true]}""";

    private static string Answer(int id, string result, string error) => $$"""{"id":{{id}},"result":{{result}},"error":{{error}}}""" + "\n";

    private LoadPeer Connected()
    {
        var peer = new LoadPeer(_course, 0);
        Assert.Equal(LoadState.Connecting, peer.State);
        _output.ResetWrittenCount();
        peer.Connected(_output);
        return peer;
    }

    private LoadPeer Ready(long now = 1)
    {
        LoadPeer peer = Connected();
        Receive(peer, $"{Login}{Notify("a")}\n", now);
        Assert.Equal(LoadState.Ready, peer.State);
        return peer;
    }

    private void Receive(LoadPeer peer, string bytes, long now = 1) => peer.Receive(Encoding.UTF8.GetBytes(bytes), now, _output);

    private string Said()
    {
        string said = Encoding.UTF8.GetString(_output.WrittenSpan);
        _output.ResetWrittenCount();
        return said;
    }
}
