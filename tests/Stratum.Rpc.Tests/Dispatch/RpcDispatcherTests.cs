using System.Net;
using System.Text;
using System.Text.Json;
using Stratum.Protocol;
using Stratum.Testing;

namespace Stratum.Rpc.Tests;

public sealed class RpcDispatcherTests
{
    private static readonly RpcPeer s_peer = new(RpcTransport.Other, new IPEndPoint(IPAddress.Parse("192.0.2.7"), 5));

    private readonly ListLogger _log = new();
    private readonly RpcDispatcher _dispatcher;

    public RpcDispatcherTests()
    {
        _dispatcher = new RpcDispatcher(new RpcDispatcherOptions { LoggerFactory = _log });
        _dispatcher.Expose("subtract", (int minuend, int subtrahend) => minuend - subtrahend);
        _dispatcher.Expose("update", () => { });
    }

    [Fact]
    public void Options_Default_AreThoseOfTheDocs()
    {
        var options = new RpcDispatcherOptions();
        Assert.Empty(options.PasswordHashes);
        Assert.Empty(options.SecretHashes);
        Assert.Equal(10, options.MaxWrongPasswords);
        Assert.Equal(100, options.MaxBatch);
        Assert.Equal(33_554_432, options.MaxBatchAnswer);
        Assert.Equal(TimeSpan.FromSeconds(60), options.CallTimeout);
        Assert.False(options.AnswersCallsWithoutId);
        Assert.False(options.RefusesInOlderForm);
        Assert.Same(TimeProvider.System, options.TimeProvider);
        Assert.Null(options.LoggerFactory);
        Assert.Equal(32, RpcDispatcher.MaxDepth);
    }

    // The examples of the specification, https://www.jsonrpc.org/specification#examples, with our words in the errors.
    [Theory]
    [InlineData("""{"jsonrpc": "2.0", "method": "subtract", "params": [42, 23], "id": 1}""", """{"jsonrpc":"2.0","result":19,"id":1}""")]
    [InlineData("""{"jsonrpc": "2.0", "method": "subtract", "params": {"subtrahend": 23, "minuend": 42}, "id": 3}""",
        """{"jsonrpc":"2.0","result":19,"id":3}""")]
    [InlineData("""{"jsonrpc": "2.0", "method": "update", "params": [1,2,3,4,5]}""", "")]
    [InlineData("""{"jsonrpc": "2.0", "method": "foobar", "id": "1"}""",
        """{"jsonrpc":"2.0","error":{"code":-32601,"message":"Method not found"},"id":"1"}""")]
    [InlineData("""{"jsonrpc": "2.0", "method": "foobar, "params": "bar", "baz]""",
        """{"jsonrpc":"2.0","error":{"code":-32700,"message":"Parse error: not JSON, or nested deeper than 32"},"id":null}""")]
    [InlineData("""{"jsonrpc": "2.0", "method": 1, "params": "bar"}""",
        """{"jsonrpc":"2.0","error":{"code":-32600,"message":"Method must be a string"},"id":null}""")]
    [InlineData("[]", """{"jsonrpc":"2.0","error":{"code":-32600,"message":"Invalid Request: an empty batch"},"id":null}""")]
    [InlineData("[1]", """[{"jsonrpc":"2.0","error":{"code":-32600,"message":"Invalid Request object"},"id":null}]""")]
    [InlineData("""[{"jsonrpc":"2.0","method":"subtract","params":[42,23],"id":"2"},{"jsonrpc":"2.0","method":"update"},{"foo":"boo"},{"jsonrpc":"2.0","method":"foo.get","id":"5"}]""",
        """[{"jsonrpc":"2.0","result":19,"id":"2"},{"jsonrpc":"2.0","error":{"code":-32600,"message":"Missing method"},"id":null},{"jsonrpc":"2.0","error":{"code":-32601,"message":"Method not found"},"id":"5"}]""")]
    [InlineData("""[{"jsonrpc":"2.0","method":"update"},{"method":"nonesuch"}]""", "")]
    public async Task Dispatch_ExamplesOfTheSpecification_AreAnswered(string request, string answer) =>
        Assert.Equal(answer, await AskAsync(request));

    [Theory]
    [InlineData("1")]
    [InlineData("\"a\\u00e9\\\"\"")]
    [InlineData("null")]
    [InlineData("-0")]
    [InlineData("123456789012345678901234567890.5e-7")]
    [InlineData("[1, 2]")]
    [InlineData("{\"a\": true}")]
    public async Task Dispatch_Id_IsKeptAsItWasWritten(string id)
    {
        Assert.Equal($$"""{"result":1,"error":null,"id":{{id}}}""", await AskAsync($$"""{"id":{{id}},"method":"subtract","params":[3,2]}"""));
        Assert.Equal($$"""{"jsonrpc":"2.0","error":{"code":-32601,"message":"Method not found"},"id":{{id}}}""",
            await AskAsync($$"""{"id":{{id}},"method":"x","jsonrpc":"2.0"}"""));
    }

    [Theory]
    [InlineData("[]", "parameter 1 (minuend) is missing")]
    [InlineData("[1]", "parameter 2 (subtrahend) is missing")]
    [InlineData("[1,\"x\"]", "parameter 2 (subtrahend) is not a Int32")]
    [InlineData("{\"minuend\":1}", "parameter 2 (subtrahend) is missing")]
    [InlineData("{\"minuend\":1,\"subtrahend\":[]}", "parameter 2 (subtrahend) is not a Int32")]
    public async Task Dispatch_WrongParameters_Minus32602SaysWhich(string parameters, string why)
    {
        string answer = await AskAsync($$"""{"method":"subtract","params":{{parameters}},"id":1}""");
        Assert.StartsWith("""{"result":null,"error":{"code":-32602""", answer);
        Assert.Contains(why, answer);
    }

    [Theory]
    [InlineData("\"x\"")]
    [InlineData("7")]
    [InlineData("true")]
    public async Task Dispatch_ParametersThatAreNone_Minus32600(string parameters) =>
        Assert.Contains("-32600", await AskAsync($$"""{"method":"subtract","params":{{parameters}},"id":1}"""));

    [Fact]
    public async Task Expose_EveryKindOfHandler_Answered()
    {
        _dispatcher.Expose("task", async (int a) =>
        {
            await Task.Yield();
            return a + 1;
        });
        _dispatcher.Expose("valuetask", async ValueTask<string> (RpcCall call, string? a = "none") =>
        {
            await Task.Yield();
            return $"{call.Method} {call.Id} {call.RemoteEndPoint} {call.Transport} {call.IsNotification} {a}";
        });
        _dispatcher.Expose("typed", (RpcCall _, int[] numbers) => numbers.LongLength, NumbersContext.Default.Int32Array, NumbersContext.Default.Int64);
        _dispatcher.Expose("typedtask", async (RpcCall _, int[] numbers) =>
        {
            await Task.Yield();
            return (long)numbers[^1];
        }, NumbersContext.Default.Int32Array, NumbersContext.Default.Int64);
        _dispatcher.Expose("typedvaluetask", (RpcCall _, int[] numbers) => new ValueTask<long>(numbers.Sum()),
            NumbersContext.Default.Int32Array, NumbersContext.Default.Int64);
        _dispatcher.ExposeRaw("raw", call => new(call.Params));
        foreach ((string method, string parameters, string result) in new[]
        {
            ("task", "[1]", "2"), ("task", "{\"a\":2}", "3"),
            ("valuetask", "[]", "\"valuetask 1 192.0.2.7:5 Other False none\""),
            ("typed", "[1,2,3]", "3"), ("typedtask", "[1,9]", "9"), ("typedvaluetask", "[1,9]", "10"),
            ("raw", "{\"x\": [1, 2]}", "{\"x\": [1, 2]}"), ("update", "[]", "null"),
        })
        {
            Assert.Equal($$"""{"result":{{result}},"error":null,"id":1}""",
                await AskAsync($$"""{"method":"{{method}}","params":{{parameters}},"id":1}"""));
        }

        Assert.Contains("-32602", await AskAsync("""{"method":"typed","params":["x"],"id":1}"""));
        Assert.Throws<InvalidOperationException>(() => _dispatcher.Expose("task", () => 1));
        Assert.Contains("typedtask", _dispatcher.Names);
    }

    [Fact]
    public async Task Dispatch_HandlerRefusesOrFails_ErrorWithoutASecret()
    {
        _dispatcher.Expose("rpc", int () => throw new RpcException(-5, "no \"way\"", """{"why":[1]}"""));
        _dispatcher.Expose("stratum", int () => throw new StratumException(21, "stale", "[2]"));
        _dispatcher.Expose("sync", int () => throw new InvalidOperationException("the secret"));
        _dispatcher.Expose("async", async Task<int> () =>
        {
            await Task.Yield();
            throw new InvalidOperationException("the secret");
        });
        _dispatcher.Expose("cancelled", int () => throw new OperationCanceledException("of its own"));
        _dispatcher.ExposeRaw("nojson", _ => new("{"u8.ToArray()));
        _dispatcher.Expose("nodata", int () => throw new RpcException(1, "x", "{"));

        Assert.Equal("""{"result":null,"error":{"code":-5,"message":"no \"way\"","data":{"why":[1]}},"id":1}""", await AskAsync("""{"method":"rpc","id":1}"""));
        Assert.Equal("""{"result":null,"error":{"code":21,"message":"stale","data":[2]},"id":1}""", await AskAsync("""{"method":"stratum","id":1}"""));
        foreach (string method in new[] { "sync", "async", "cancelled", "nojson", "nodata" })
        {
            Assert.Equal("""{"result":null,"error":{"code":-32603,"message":"Internal error"},"id":1}""",
                await AskAsync($$"""{"method":"{{method}}","id":1}"""));
            Assert.Contains(_log.Lines, line => line.StartsWith($"The handler of {method} failed", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Dispatch_Notification_RunsAndIsNotAnswered()
    {
        bool isNotification = false;
        _dispatcher.Expose("tell", (RpcCall call) => isNotification = call.IsNotification);
        Assert.Equal("", await AskAsync("""{"method":"tell"}"""));
        Assert.True(isNotification);
        Assert.Equal("", await AskAsync("""{"method":"tell","params":[],"jsonrpc":"2.0"}"""));
    }

    [Fact]
    public async Task Dispatch_WithoutId_AnsweredWhereAsked()
    {
        var daemon = new RpcDispatcher(new RpcDispatcherOptions { AnswersCallsWithoutId = true });
        daemon.Expose("one", () => 1);
        Assert.Equal("""{"result":1,"error":null,"id":null}""", await AskAsync("""{"method":"one"}""", daemon));
        Assert.Equal("", await AskAsync("""{"method":"one","jsonrpc":"2.0"}""", daemon));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("[1]")]
    [InlineData("""[{"foo":"boo"}]""")]
    [InlineData("""{"method":1,"id":1}""")]
    [InlineData("""{"method":"one","params":1,"id":1}""")]
    public async Task Dispatch_WhatIsNoCall_AnsweredInTheOlderFormWhereAsked(string request)
    {
        var daemon = new RpcDispatcher(new RpcDispatcherOptions { RefusesInOlderForm = true });
        string older = await AskAsync(request, daemon);
        Assert.StartsWith("""{"result":null,"error":{""", older.TrimStart('['));
        Assert.Equal((await AskAsync(request)).Replace("\"jsonrpc\":\"2.0\"", "\"result\":null"), older);
    }

    [Fact]
    public void Refuse_ByACarrier_InTheFormOfTheOptions()
    {
        Assert.Equal("""{"jsonrpc":"2.0","error":{"code":-1,"message":"x"},"id":null}""" + "\n",
            Encoding.UTF8.GetString(_dispatcher.Refuse(-1, "x").Bytes.Span));
        var daemon = new RpcDispatcher(new RpcDispatcherOptions { RefusesInOlderForm = true });
        Assert.Equal("""{"result":null,"error":{"code":-1,"message":"x"},"id":null}""" + "\n",
            Encoding.UTF8.GetString(daemon.Refuse(-1, "x").Bytes.Span));
    }

    [Fact]
    public async Task Filter_SeesKnownAndUnknownAndChangesResults()
    {
        var seen = new List<string>();
        _dispatcher.Filter = async (call, next) =>
        {
            seen.Add(call.Method);
            return call.Method switch
            {
                "own" => "\"mine\""u8.ToArray(),
                "no" => throw new RpcException(7, "no"),
                _ => Encoding.UTF8.GetBytes($"[{Encoding.UTF8.GetString((await next()).Span)}]"),
            };
        };
        Assert.Equal("""{"result":[1],"error":null,"id":1}""", await AskAsync("""{"method":"subtract","params":[3,2],"id":1}"""));
        Assert.Equal("""{"result":"mine","error":null,"id":1}""", await AskAsync("""{"method":"own","id":1}"""));
        Assert.Contains("\"code\":7", await AskAsync("""{"method":"no","id":1}"""));
        Assert.Contains("-32601", await AskAsync("""{"method":"other","id":1}"""));
        Assert.Equal(["subtract", "own", "no", "other"], seen);
    }

    [Theory]
    [InlineData("{\"method\":\"\\ud800\",\"id\":1}")]
    [InlineData("{\"method\":\"subtract\",\"params\":[\"\\udc00\"],\"id\":1}")]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("\"x\"")]
    [InlineData("{} {}")]
    public async Task Dispatch_NoMessage_ParseError(string request) => Assert.Contains("-32700", await AskAsync(request));

    [Fact]
    public async Task Dispatch_InvalidUtf8_ParseError()
    {
        RpcReply reply = await _dispatcher.DispatchAsync("{\"method\":\"\u00ff\",\"id\":1}"u8.ToArray().Select(b => b == 0xc3 ? (byte)0xff : b).ToArray(), s_peer);
        Assert.True(reply.IsParseError);
    }

    [Fact]
    public async Task Batch_LargerThanAllowed_RefusedAsAWhole()
    {
        string call = """{"method":"subtract","params":[3,2],"id":1}""";
        Assert.StartsWith("[", await AskAsync($"[{string.Join(',', Enumerable.Repeat(call, 100))}]"));
        string refused = await AskAsync($"[{string.Join(',', Enumerable.Repeat(call, 101))}]");
        Assert.Contains("-32600", refused);
        Assert.Contains("at most 100", refused);
    }

    [Fact]
    public async Task Batch_AnswersTooLong_TheRestIsRefusedAndNotRun()
    {
        int runs = 0;
        var dispatcher = new RpcDispatcher(new RpcDispatcherOptions { MaxBatchAnswer = 1000 });
        dispatcher.Expose("big", () =>
        {
            runs++;
            return new string('b', 600);
        });
        string answer = await AskAsync($"[{string.Join(',', Enumerable.Repeat("""{"method":"big","id":1}""", 5))}]", dispatcher);
        Assert.Equal(2, runs);
        Assert.Equal(3, JsonDocument.Parse(answer).RootElement.EnumerateArray().Count(one => one.ToString().Contains("-32000", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Dispatch_Cancelled_Throws()
    {
        var entered = new TaskCompletionSource();
        _dispatcher.Expose("wait", async (RpcCall call) =>
        {
            entered.SetResult();
            await Task.Delay(Timeout.Infinite, call.Cancelled);
        });
        using var cancel = new CancellationTokenSource();
        Task<RpcReply> running = _dispatcher.DispatchAsync("""{"method":"wait","id":1}"""u8.ToArray(), s_peer, cancel.Token).AsTask();
        await entered.Task;
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task Dispatch_HandlerTooSlow_ToldAndItsLateFailureLogged()
    {
        var time = new ManualTime();
        var log = new ListLogger();
        var dispatcher = new RpcDispatcher(new RpcDispatcherOptions { TimeProvider = time, LoggerFactory = log });
        var release = new TaskCompletionSource();
        dispatcher.Expose("slow", async () =>
        {
            await release.Task;
            throw new InvalidOperationException("late");
        });
        Task<string> answer = AskAsync("""{"method":"slow","id":1}""", dispatcher);
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(answer.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Contains("No answer within 60 s", await answer);
        release.SetResult();
        while (!log.Lines.Any(line => line.Contains("late", StringComparison.Ordinal)))
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Dispatch_HandlerOrFilterBlocks_ToldInTimeAllTheSame(bool isFilter)
    {
        using var release = new ManualResetEventSlim();
        var dispatcher = new RpcDispatcher(new RpcDispatcherOptions { CallTimeout = TimeSpan.FromMilliseconds(50) });
        dispatcher.Expose("block", () => release.Wait(TimeSpan.FromSeconds(60)));
        if (isFilter)
        {
            dispatcher.Filter = (_, next) =>
            {
                release.Wait(TimeSpan.FromSeconds(60));
                return next();
            };
        }

        try
        {
            // From the pool: what would block has no thread of the test's.
            string answer = await Task.Run(() => AskAsync("""{"method":"block","id":1}""", dispatcher)).WaitAsync(TimeSpan.FromSeconds(30));
            Assert.Contains("No answer within 0.05 s", answer);
        }
        finally
        {
            release.Set();
        }
    }

    [Fact]
    public async Task Log_UnknownMethod_IsNotTheCallersText()
    {
        await AskAsync("""{"method":"\u001b[31mred","id":1}""");
        Assert.Contains(_log.Lines, line => line.Contains("an unknown method", StringComparison.Ordinal));
        Assert.DoesNotContain(_log.Lines, line => line.Contains("red", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Constructor_HashThatIsNone_RefusedWithoutShowingIt(bool isSecret)
    {
        RpcDispatcherOptions options = isSecret
            ? new() { SecretHashes = ["my password"] } : new() { PasswordHashes = ["my password"] };
        ArgumentException error = Assert.Throws<ArgumentException>(() => new RpcDispatcher(options));
        Assert.Contains("hash-password", error.Message);
        Assert.DoesNotContain("my password", error.ToString());
    }

    private async Task<string> AskAsync(string request, RpcDispatcher? dispatcher = null)
    {
        RpcReply reply = await (dispatcher ?? _dispatcher).DispatchAsync(Encoding.UTF8.GetBytes(request), s_peer);
        string text = Encoding.UTF8.GetString(reply.Bytes.Span);
        Assert.True(text.Length == 0 || text.EndsWith('\n'));
        return text.TrimEnd('\n');
    }
}
