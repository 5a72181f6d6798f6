namespace Stratum.Protocol.Tests;

public sealed class MessageTests
{
    [Fact]
    public void TryParse_Request_GivesItsParts()
    {
        Assert.True(Message.TryParse(Lines.Utf8(Golden.Submit6), out Message message, out _));

        Assert.True(message.IsRequest);
        Assert.False(message.IsResponse);
        Assert.True(message.WantsAnswer);
        Assert.Equal("4", Lines.Text(message.Id));
        Assert.True(message.Method.SequenceEqual(Methods.Submit));
        Assert.Equal(
            """["tb1q...bitaxe3","1","c7080000","64b3f3ec","ed460d91","00002000"]""", Lines.Text(message.Params));
        Assert.True(message.Result.IsEmpty);
        Assert.True(message.Error.IsEmpty);
    }

    [Theory]
    [InlineData("""{"id":1,"result":true,"error":null}""", "true", "", "")]
    [InlineData("""{"result":true,"id":1}""", "true", "", "")]
    [InlineData("""{"id":1,"result":null,"error":null}""", "null", "", "")]
    [InlineData("""{"id":1,"error":null}""", "", "", "")]
    [InlineData("""{"id":1,"method":null,"result":[1]}""", "[1]", "", "")]
    [InlineData("""{"id":1,"result":null,"error":[21,"Stale",null]}""", "null", """[21,"Stale",null]""", "")]
    [InlineData("""{"id":1,"error":{"code":21}}""", "", """{"code":21}""", "")]
    [InlineData("""{"id":1,"error":"-3:method not found"}""", "", "\"-3:method not found\"", "")]
    [InlineData("""{"id":1,"result":false,"error":null,"reject-reason":"St\u0061le"}""", "false", "", "Stale")]
    [InlineData("""{"id":1,"result":false,"error":null,"reject-reason":{"a":[]}}""", "false", "", "")]
    public void TryParse_Response_GivesItsParts(string line, string result, string error, string reason)
    {
        Assert.True(Message.TryParse(Lines.Utf8(line), out Message message, out _));

        Assert.True(message.IsResponse);
        Assert.False(message.IsRequest);
        Assert.Equal(result, Lines.Text(message.Result));
        Assert.Equal(error, Lines.Text(message.Error));
        Assert.Equal(reason, Lines.Text(message.RejectReason));
    }

    public static TheoryData<string> Ids =>
    [
        "0", "-0", "1", "4294967296", "-17", "1.50", "1E400", new string('7', 300), "\"\"", "\"auth\"",
        "\"txlist1f\"", "\"a\\\"b\\u0041\\/\\ud83d\\ude00\"", "\"\\ud800\"", "\"ü\"", "true", "false", "[ 1, \"a\",[]]",
        "{ \"a\" : {\"b\":[]} }", "[]", "{}",
    ];

    [Theory]
    [MemberData(nameof(Ids))]
    public void TryParse_IdOfAnyType_IsKeptAsWritten(string id)
    {
        byte[] line = Lines.Utf8($$"""{ "method" : "mining.ping" , "id" : {{id}} }""");
        Assert.True(Message.TryParse(line, out Message message, out string? error), error);

        Assert.Equal(id, Lines.Text(message.Id));
        Assert.True(message.WantsAnswer);
        byte[] copy = message.Id.ToArray();
        Assert.Equal(
            $$"""{"id":{{id}},"result":true,"error":null}""",
            Lines.Written(w => MessageWriter.WriteResult(w, copy, true)));
    }

    [Theory]
    [InlineData("""{"method":"mining.ping"}""", "")]
    [InlineData("""{"method":"mining.ping","id":null}""", "null")]
    public void TryParse_IdNullOrAbsent_WantsNoAnswer(string line, string id)
    {
        Assert.True(Message.TryParse(Lines.Utf8(line), out Message message, out _));

        Assert.False(message.WantsAnswer);
        Assert.Equal(id, Lines.Text(message.Id));
    }

    [Theory]
    [InlineData("""{"method":"a"}""", "[]")]
    [InlineData("""{"method":"a","params":null}""", "[]")]
    [InlineData("""{"method":"a","params":{"b" : 1}}""", """{"b" : 1}""")]
    [InlineData("""{"method":"a","params":17}""", "17")]
    [InlineData("""{"method":"a","params":[1],"params":[2]}""", "[2]")]
    [InlineData("""{"p\u0061rams":[3],"method":"a","jsonrpc":"2.0","x":[{"y":1}]}""", "[3]")]
    public void TryParse_Params_AreRaw(string line, string expected)
    {
        Assert.True(Message.TryParse(Lines.Utf8(line), out Message message, out _));

        Assert.Equal(expected, Lines.Text(message.Params));
    }

    [Fact]
    public void TryParse_RepeatedMembers_LastOneCounts()
    {
        Assert.True(
            Message.TryParse("""{"id":1,"method":"a","id":"z","method":"b\/c"}"""u8, out Message message, out _));

        Assert.Equal("\"z\"", Lines.Text(message.Id));
        Assert.Equal("b/c", Lines.Text(message.Method));
    }

    [Theory]
    [InlineData("[]", "object")]
    [InlineData("[1,2]", "object")]
    [InlineData("17", "object")]
    [InlineData("\"x\"", "object")]
    [InlineData("null", "object")]
    [InlineData("{}", "neither")]
    [InlineData("""{"id":1}""", "neither")]
    [InlineData("""{"id":1,"method":null}""", "neither")]
    [InlineData("""{"id":1,"method":17}""", "string")]
    [InlineData("""{"id":1,"method":["a"]}""", "string")]
    [InlineData("", "JSON")]
    [InlineData("GET / HTTP/1.1", "JSON")]
    [InlineData("{\"id\":1,\"method\":\"a\"}\0", "JSON")]
    [InlineData("{\"id\":1,\0\"method\":\"a\"}", "JSON")]
    [InlineData("{\"id\":1,\"method\":\"a\0\"}", "JSON")]
    [InlineData("""{"id":1,"method":"a"} {}""", "JSON")]
    [InlineData("""{"id":1,"method":"a"}]""", "JSON")]
    [InlineData("""{"id":1,"method":"a",}""", "JSON")]
    [InlineData("""{'id':1}""", "JSON")]
    [InlineData("""{"id":01,"method":"a"}""", "JSON")]
    [InlineData("""{"id":NaN,"method":"a"}""", "JSON")]
    [InlineData("""{"id":1,"method":"\ud800"}""", "surrogate")]
    [InlineData("""{"\ud800\u0069":1,"method":"a"}""", "surrogate")]
    public void TryParse_BadLine_SaysWhy(string line, string word)
    {
        Assert.False(Message.TryParse(Lines.Utf8(line), out Message message, out string? error));

        Assert.Contains(word, error, StringComparison.Ordinal);
        Assert.False(message.IsRequest || message.IsResponse);
    }

    [Fact]
    public void TryParse_InvalidUtf8_SaysWhy()
    {
        byte[] line = [.. "{\"id\":1,\"method\":\"a\",\"x\":\""u8, 0xff, .. "\"}"u8];

        Assert.False(Message.TryParse(line, out _, out string? error));
        Assert.Contains("UTF-8", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData('[', ']')]
    [InlineData('{', '}')]
    public void TryParse_Depth_IsLimitedTo32(char open, char close)
    {
        Assert.True(Message.TryParse(Nested(31, open, close), out _, out string? error), error);
        Assert.False(Message.TryParse(Nested(32, open, close), out _, out error));
        Assert.Contains("32", error, StringComparison.Ordinal);
        Assert.False(Message.TryParse(Nested(5000, open, close), out _, out _));
    }

    [Theory]
    [MemberData(nameof(Golden.All), MemberType = typeof(Golden))]
    public void TryParse_EveryPrefixOfALine_IsAnError(string line)
    {
        byte[] bytes = Lines.Utf8(line);
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.False(Message.TryParse(bytes.AsSpan(0, length), out _, out string? error));
            Assert.NotNull(error);
        }

        Assert.True(Message.TryParse(bytes, out _, out _));
    }

    [Theory]
    [MemberData(nameof(Golden.All), MemberType = typeof(Golden))]
    public void TryParse_DamagedLine_NeverThrows(string line)
    {
        var random = new Random(17);
        for (int round = 0; round < 300; round++)
        {
            byte[] bytes = Lines.Utf8(line);
            for (int damage = random.Next(1, 4); damage > 0; damage--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            bool good = Message.TryParse(bytes, out Message message, out string? error);
            Assert.Equal(good, error is null);
            Assert.Equal(good, message.IsRequest || message.IsResponse);
        }
    }

    private static byte[] Nested(int levels, char open, char close)
    {
        string start = open == '[' ? "[" : "{\"a\":";
        return Lines.Utf8(
            "{\"method\":\"a\",\"params\":" + string.Concat(Enumerable.Repeat(start, levels - 1)) + open + close
            + new string(close, levels - 1) + "}");
    }
}
