using Stratum.Mining;

namespace Stratum.Protocol.Tests;

public sealed class SubscribeTests
{
    [Theory]
    [InlineData("[]", null, null)]
    [InlineData("[null]", null, null)]
    [InlineData("""["ua/1"]""", "ua/1", null)]
    [InlineData("""["ua/1",null]""", "ua/1", null)]
    [InlineData("""["ua/1","08000002"]""", "ua/1", "08000002")]
    [InlineData("""["bosminer",null,"host",null]""", "bosminer", null)]
    [InlineData("""["zc",null,"host",3333,{"more":[1]}]""", "zc", null)]
    [InlineData("""["NiceHash/1.0.0","1608052111000","ab12"]""", "NiceHash/1.0.0", "1608052111000")]
    [InlineData("""["ua",1608052111000]""", "ua", "1608052111000")]
    public void TryRead_FormsInTheWild_AreRead(string raw, string? userAgent, string? sessionId)
    {
        Assert.True(SubscribeRequest.TryRead(Lines.Utf8(raw), out SubscribeRequest? request, out string? error), error);

        Assert.Equal(new SubscribeRequest { UserAgent = userAgent, SessionId = sessionId }, request);
    }

    [Theory]
    [InlineData("{}", "array")]
    [InlineData("\"ua\"", "array")]
    [InlineData("7", "array")]
    [InlineData("[[]]", "params[0]")]
    [InlineData("[true]", "params[0]")]
    [InlineData("""["ua",{}]""", "params[1]")]
    [InlineData("""["ua",false]""", "params[1]")]
    [InlineData("""["\ud800"]""", "params[0]")]
    [InlineData("""["ua"] 1""", "followed")]
    [InlineData("""["ua" """, "cut off")]
    public void TryRead_BadParams_SaysWhy(string raw, string word)
    {
        Assert.False(SubscribeRequest.TryRead(Lines.Utf8(raw), out SubscribeRequest? request, out string? error));

        Assert.Null(request);
        Assert.Contains(word, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Request_IsGolden()
    {
        var request = new SubscribeRequest { UserAgent = "cgminer/4.11.1", SessionId = "08000002" };
        Assert.Equal(Golden.Subscribe, Lines.Written(w => request.Write(w, 1)));
        Assert.Equal(
            """{"id":1,"method":"mining.subscribe","params":[]}""",
            Lines.Written(w => new SubscribeRequest().Write(w, 1)));
        Assert.Equal(
            """{"id":1,"method":"mining.subscribe","params":[null,"a\"b"]}""",
            Lines.Written(w => new SubscribeRequest { SessionId = "a\"b" }.Write(w, 1)));
    }

    [Theory]
    [InlineData("""[[["mining.set_difficulty","d"],["mining.notify","s"]],"57a6f098",4]""", "mining.set_difficulty=d mining.notify=s", "s")]
    [InlineData("""[[["mining.notify","s"]],"57A6F098",4]""", "mining.notify=s", "s")]
    [InlineData("""[["mining.notify","s"],"57a6f098",4]""", "mining.notify=s", "s")]
    [InlineData("""[["mining.set_difficulty","0","mining.notify","1"],"57a6f098",4]""", "mining.set_difficulty=0 mining.notify=1", "1")]
    [InlineData("""[[["mining.notify","s","EthereumStratum/1.0.0"]],"57a6f098",4,"more"]""", "mining.notify=s", "s")]
    [InlineData("""[[["mining.notify",17],["mining.set_difficulty",null],["x"]],"57a6f098",4]""", "mining.notify=17 mining.set_difficulty= x=", "17")]
    [InlineData("""[["mining.notify"],"57a6f098",4]""", "", null)]
    [InlineData("""[[],"57a6f098",4]""", "", null)]
    [InlineData("""[null,"57a6f098",4]""", "", null)]
    public void TryReadResult_ShapesInTheWild_AreRead(string raw, string subscriptions, string? sessionId)
    {
        Assert.True(SubscribeResult.TryRead(Lines.Utf8(raw), out SubscribeResult? result, out string? error), error);

        Assert.Equal(subscriptions, string.Join(' ', result.Subscriptions.Select(s => $"{s.Method}={s.Id}")));
        Assert.Equal(sessionId, result.SessionId);
        Assert.Equal("57a6f098", result.Extranonce1.ToString());
        Assert.Equal(4, result.Extranonce2Size);
    }

    [Theory]
    [InlineData("", "JSON")]
    [InlineData("true", "array")]
    [InlineData("null", "array")]
    [InlineData("{}", "array")]
    [InlineData("[]", "result[0]")]
    [InlineData("""["x","57a6f098",4]""", "result[0]")]
    [InlineData("""[[7],"57a6f098",4]""", "result[0]")]
    [InlineData("""[[[7,"a"]],"57a6f098",4]""", "result[0]")]
    [InlineData("""[[["a",{}]],"57a6f098",4]""", "result[0]")]
    [InlineData("""[[],null,4]""", "result[1]")]
    [InlineData("""[[],"57a6f09",4]""", "result[1]")]
    [InlineData("""[[],"57a6f09z",4]""", "result[1]")]
    [InlineData("""[[],"0000000000000000000000000000000000",4]""", "result[1]")]
    [InlineData("""[[],"57a6f098"]""", "result[2]")]
    [InlineData("""[[],"57a6f098",17]""", "result[2]")]
    [InlineData("""[[],"57a6f098",-1]""", "result[2]")]
    [InlineData("""[[],"57a6f098",4.5]""", "result[2]")]
    [InlineData("""[[],"57a6f098",99999999999999999999]""", "result[2]")]
    public void TryReadResult_BadResult_SaysWhy(string raw, string word)
    {
        Assert.False(SubscribeResult.TryRead(Lines.Utf8(raw), out SubscribeResult? result, out string? error));

        Assert.Null(result);
        Assert.Contains(word, error, StringComparison.Ordinal);
    }

    [Fact]
    public void WriteResult_Golden_ReadsBack()
    {
        var result = new SubscribeResult
        {
            Subscriptions = [("mining.set_difficulty", "1"), ("mining.notify", "1")],
            Extranonce1 = Extranonce.FromUInt64(0x57a6f098, 4),
            Extranonce2Size = 4,
        };

        string line = Lines.Written(w => result.Write(w, "1"u8));

        Assert.Equal(Golden.SubscribeResult, line);
        Assert.True(SubscribeResult.TryRead(Lines.Result(line), out SubscribeResult? back, out _));
        Assert.Equal(result, back);
        Assert.Equal(result.GetHashCode(), back.GetHashCode());
        Assert.NotEqual(result, back with { Extranonce2Size = 8 });
        Assert.NotEqual(result, back with { Subscriptions = [] });
    }
}
