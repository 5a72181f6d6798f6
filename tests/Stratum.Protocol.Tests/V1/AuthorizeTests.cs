namespace Stratum.Protocol.Tests;

public sealed class AuthorizeTests
{
    [Theory]
    [InlineData("""["u"]""", "u", "")]
    [InlineData("""["u",null]""", "u", "")]
    [InlineData("""["u",""]""", "u", "")]
    [InlineData("""["a.b_c/d","d=1024,x"]""", "a.b_c/d", "d=1024,x")]
    [InlineData("""["u",123,"more"]""", "u", "123")]
    [InlineData("""["\u0075\"ü","\n"]""", "u\"ü", "\n")]
    public void TryRead_FormsInTheWild_AreRead(string raw, string worker, string password)
    {
        Assert.True(AuthorizeRequest.TryRead(Lines.Utf8(raw), out AuthorizeRequest? request, out string? error), error);

        Assert.Equal(new AuthorizeRequest { Worker = worker, Password = password }, request);
    }

    [Theory]
    [InlineData("[]", "params[0]")]
    [InlineData("[null,\"x\"]", "params[0]")]
    [InlineData("[7,\"x\"]", "params[0]")]
    [InlineData("[\"\",\"x\"]", "empty")]
    [InlineData("[\"u\",[]]", "params[1]")]
    [InlineData("[\"u\",true]", "params[1]")]
    [InlineData("{\"u\":1}", "array")]
    public void TryRead_BadParams_SaysWhy(string raw, string word)
    {
        Assert.False(AuthorizeRequest.TryRead(Lines.Utf8(raw), out AuthorizeRequest? request, out string? error));

        Assert.Null(request);
        Assert.Contains(word, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Golden_ReadsBack()
    {
        var request = new AuthorizeRequest { Worker = "account.worker", Password = "x" };

        string line = Lines.Written(w => request.Write(w, 2));

        Assert.Equal(Golden.Authorize, line);
        Assert.True(AuthorizeRequest.TryRead(Lines.Params(line), out AuthorizeRequest? back, out _));
        Assert.Equal(request, back);
    }

    [Fact]
    public void ToString_Password_IsHidden()
    {
        string text = new AuthorizeRequest { Worker = "account.worker", Password = "hunter2" }.ToString();

        Assert.Contains("account.worker", text, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", text, StringComparison.Ordinal);
    }
}
