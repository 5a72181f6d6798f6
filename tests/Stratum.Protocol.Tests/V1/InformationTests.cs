namespace Stratum.Protocol.Tests;

public sealed class InformationTests
{
    [Fact]
    public void ShowMessage_Golden_ReadsBack()
    {
        Assert.True(ShowMessage.TryRead(Lines.Params(Golden.ShowMessage), out ShowMessage? value, out _));

        Assert.Equal(new ShowMessage("Grüße \"you\""), value);
        Assert.Equal(Golden.ShowMessage, Lines.Written(value.Write));
    }

    [Fact]
    public void GetVersion_Golden_ReadsBack()
    {
        Assert.Equal(Golden.GetVersion, Lines.Written(w => GetVersion.Write(w, 7)));
        Assert.Equal(Golden.GetVersionResult, Lines.Written(w => GetVersion.WriteAnswer(w, "7"u8, "cgminer/4.11.1")));
        Assert.True(GetVersion.TryReadAnswer(Lines.Result(Golden.GetVersionResult), out string? version, out _));
        Assert.Equal("cgminer/4.11.1", version);
    }

    [Fact]
    public void GetTransactions_Golden_ReadsBack()
    {
        Assert.True(GetTransactionsRequest.TryRead(
            Lines.Params(Golden.GetTransactions), out GetTransactionsRequest? request, out _));
        Assert.Equal(new GetTransactionsRequest("1f"), request);
        Assert.Equal(Golden.GetTransactions, Lines.Written(w => request.Write(w, 9)));

        Assert.True(GetTransactionsResult.TryRead(
            Lines.Result(Golden.GetTransactionsResult), out GetTransactionsResult? result, out _));
        Assert.Equal(["0100", "02"], result.Transactions.Select(t => Convert.ToHexStringLower(t.Span)));
        Assert.Equal(Golden.GetTransactionsResult, Lines.Written(w => result.Write(w, "9"u8)));
        Assert.Equal(
            """{"id":"txlist1f","result":[],"error":null}""",
            Lines.Written(w => new GetTransactionsResult([]).Write(w, "\"txlist1f\""u8)));
    }

    [Fact]
    public void Ping_Golden_AndBothAnswersAreKnown()
    {
        Assert.Equal(Golden.Ping, Lines.Written(w => Ping.Write(w, 42)));
        string answer = Lines.Written(w => Ping.WriteAnswer(w, "42"u8));
        Assert.Equal("""{"id":42,"result":"pong","error":null}""", answer);
        Assert.True(IsPong(answer));
        Assert.True(IsPong("""{"id":42,"method":"pong","params":[]}"""));
        Assert.False(IsPong(Golden.Ping));
        Assert.False(IsPong("""{"id":42,"result":true,"error":null}"""));

        static bool IsPong(string line) =>
            Message.TryParse(Lines.Utf8(line), out Message message, out _) && Ping.IsAnswer(message);
    }

    [Fact]
    public void ExtranonceSubscribe_Golden_IsGolden() =>
        Assert.Equal(Golden.ExtranonceSubscribe, Lines.Written(w => ExtranonceSubscribe.Write(w, 3)));

    [Theory]
    [InlineData("[]")]
    [InlineData("[7]")]
    [InlineData("[null]")]
    [InlineData("{}")]
    [InlineData("\"text\"")]
    public void TryRead_BadParams_SaysWhy(string raw)
    {
        Assert.False(ShowMessage.TryRead(Lines.Utf8(raw), out ShowMessage? message, out string? error));
        Assert.Null(message);
        Assert.Contains("params", error, StringComparison.Ordinal);
        Assert.False(GetTransactionsRequest.TryRead(Lines.Utf8(raw), out GetTransactionsRequest? request, out error));
        Assert.Null(request);
        Assert.Contains("params", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("17")]
    [InlineData("[7]")]
    [InlineData("[\"0\"]")]
    [InlineData("[\"zz\"]")]
    [InlineData("true")]
    [InlineData("")]
    public void TryReadResult_BadResult_SaysWhy(string raw)
    {
        Assert.False(
            GetTransactionsResult.TryRead(Lines.Utf8(raw), out GetTransactionsResult? result, out string? error));
        Assert.Null(result);
        Assert.NotEmpty(error);
        Assert.False(GetVersion.TryReadAnswer(Lines.Utf8(raw), out string? version, out error));
        Assert.Null(version);
        Assert.NotEmpty(error);
    }
}
