using Stratum.Mining;

namespace Stratum.Protocol.Tests;

public sealed class SuggestTests
{
    [Theory]
    [InlineData("mining.suggest_difficulty", "[512]", 512)]
    [InlineData("mining.suggest_difficulty", "[0.5]", 0.5)]
    [InlineData("mining.suggest_difficulty", "[1e3]", 1000)]
    [InlineData("mining.suggest_difficulty", "[\"0.001000\"]", 0.001)]
    [InlineData("mining.suggest_difficulty", "[\"1024\",7]", 1024)]
    [InlineData("mining.suggest_difficulty(42)", "[]", 42)]
    [InlineData("mining.suggest_difficulty(0.25)", "{}", 0.25)]
    [InlineData("mining.suggest_difficulty(42", "[7]", 42)]
    [InlineData("mining.suggest", "[41]", 41)]
    public void TryRead_DifficultyInEveryPlace_IsRead(string method, string raw, double expected)
    {
        Assert.Equal(MethodKind.SuggestDifficulty, Methods.Find(Lines.Utf8(method)));
        Assert.True(SuggestDifficulty.TryRead(
            Lines.Utf8(method), Lines.Utf8(raw), out SuggestDifficulty wish, out string? error), error);

        Assert.Equal(expected, wish.Difficulty.Value);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("[0]")]
    [InlineData("[-1]")]
    [InlineData("[1e999]")]
    [InlineData("[\"\"]")]
    [InlineData("[\"NaN\"]")]
    [InlineData("[\"12x\"]")]
    [InlineData("[\"\\ud800\"]")]
    [InlineData("[null]")]
    [InlineData("[[512]]")]
    [InlineData("{\"difficulty\":1}")]
    [InlineData("512")]
    public void TryRead_BadDifficulty_SaysWhy(string raw)
    {
        Assert.False(SuggestDifficulty.TryRead(Methods.SuggestDifficulty, Lines.Utf8(raw), out _, out string? error));

        Assert.Contains("params", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mining.suggest_difficulty()")]
    [InlineData("mining.suggest_difficulty(x)")]
    [InlineData("mining.suggest_difficulty(-1)")]
    [InlineData("mining.suggest_difficulty(")]
    public void TryRead_BadDifficultyInTheName_SaysWhy(string method)
    {
        Assert.False(SuggestDifficulty.TryRead(Lines.Utf8(method), "[1]"u8, out _, out string? error));

        Assert.Contains("name", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Golden_ReadsBack()
    {
        Assert.Equal(
            Golden.SuggestDifficulty, Lines.Written(w => new SuggestDifficulty(new Difficulty(512)).Write(w, 3)));
        Assert.True(SuggestTarget.TryRead(Lines.Params(Golden.SuggestTarget), out SuggestTarget wish, out _));
        Assert.Equal(Golden.SuggestTarget, Lines.Written(w => wish.Write(w, 5)));
        Assert.Equal("00000000ffff0000000000000000000000000000000000000000000000000000", wish.Target.ToString());
    }

    [Theory]
    [InlineData("[\"1\"]", 1)]
    [InlineData("[\"FFff\",1]", 0xffff)]
    [InlineData("[\"0001\"]", 1)]
    public void TryReadTarget_ShortOrUpperCase_IsRead(string raw, int expected)
    {
        Assert.True(SuggestTarget.TryRead(Lines.Utf8(raw), out SuggestTarget wish, out string? error), error);

        Assert.Equal(Target.Parse($"{expected:x64}"), wish.Target);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("[7]")]
    [InlineData("[\"\"]")]
    [InlineData("[\"0\"]")]
    [InlineData("[\"0x12\"]")]
    [InlineData("[\"00000000000000000000000000000000000000000000000000000000000000001\"]")]
    public void TryReadTarget_BadTarget_SaysWhy(string raw)
    {
        Assert.False(SuggestTarget.TryRead(Lines.Utf8(raw), out SuggestTarget wish, out string? error));

        Assert.Contains("params", error, StringComparison.Ordinal);
        Assert.Equal(default, wish);
    }

    [Fact]
    public void Write_RandomTargets_ReadBack()
    {
        var random = new Random(4);
        byte[] bytes = new byte[32];
        for (int round = 0; round < 300; round++)
        {
            random.NextBytes(bytes);
            var wish = new SuggestTarget(Target.FromBytesBigEndian(bytes));

            byte[] raw = Lines.Params(Lines.Written(w => wish.Write(w, 1)));
            Assert.True(SuggestTarget.TryRead(raw, out SuggestTarget back, out _));
            Assert.Equal(wish, back);
        }
    }
}
