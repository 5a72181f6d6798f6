namespace Stratum.Protocol.Tests;

public sealed class ReconnectTests
{
    [Theory]
    [InlineData("[]", null, null, 0)]
    [InlineData("[\"\",\"\",0]", null, null, 0)]
    [InlineData("[null,null,null]", null, null, 0)]
    [InlineData("[\"a.b\",3333,0]", "a.b", 3333, 0)]
    [InlineData("[\"a.b\",\"3333\",0]", "a.b", 3333, 0)]
    [InlineData("[\"a.b\",\"3333\"]", "a.b", 3333, 0)]
    [InlineData("[\"a.b\",0,\"30\"]", "a.b", null, 30)]
    [InlineData("[\"a.b\"]", "a.b", null, 0)]
    [InlineData("[\"\",65535,86400,[]]", null, 65535, 86400)]
    public void TryRead_FormsInTheWild_AreRead(string raw, string? host, int? port, int wait)
    {
        Assert.True(Reconnect.TryRead(Lines.Utf8(raw), out Reconnect? value, out string? error), error);

        Assert.Equal(new Reconnect { Host = host, Port = port, WaitSeconds = wait }, value);
        string line = Lines.Written(value.Write);
        Assert.True(Reconnect.TryRead(Lines.Params(line), out Reconnect? back, out _));
        Assert.Equal(value, back);
    }

    [Fact]
    public void Write_Golden_IsGolden()
    {
        Assert.Equal(Golden.Reconnect, Lines.Written(new Reconnect { Host = "pool.example.com", Port = 3333 }.Write));
        Assert.Equal("""{"id":null,"method":"client.reconnect","params":[]}""", Lines.Written(new Reconnect().Write));
    }

    [Theory]
    [InlineData("{}", "array")]
    [InlineData("[[]]", "params[0]")]
    [InlineData("[\"a\",65536]", "params[1]")]
    [InlineData("[\"a\",-1]", "params[1]")]
    [InlineData("[\"a\",\"x\"]", "params[1]")]
    [InlineData("[\"a\",{}]", "params[1]")]
    [InlineData("[\"a\",1.5]", "params[1]")]
    [InlineData("[\"a\",1,-1]", "params[2]")]
    [InlineData("[\"a\",1,86401]", "params[2]")]
    [InlineData("[\"a\",1,true]", "params[2]")]
    public void TryRead_BadParams_SaysWhy(string raw, string word)
    {
        Assert.False(Reconnect.TryRead(Lines.Utf8(raw), out Reconnect? value, out string? error));

        Assert.Null(value);
        Assert.Contains(word, error, StringComparison.Ordinal);
    }
}
