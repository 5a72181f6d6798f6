using Stratum.Mining;

namespace Stratum.Protocol.Tests;

public sealed class SetTests
{
    [Theory]
    [InlineData(1, "1")]
    [InlineData(1024, "1024")]
    [InlineData(1000000, "1000000")]
    [InlineData(0.00001, "0.00001")]
    [InlineData(2.5e-10, "0.00000000025")]
    [InlineData(123456789012345, "123456789012345")]
    public void SetDifficulty_AnyValue_HasNoExponentAndReadsBack(double value, string digits)
    {
        string line = Lines.Written(new SetDifficulty(new Difficulty(value)).Write);

        Assert.Equal($$"""{"id":null,"method":"mining.set_difficulty","params":[{{digits}}]}""", line);
        Assert.True(SetDifficulty.TryRead(Lines.Params(line), out SetDifficulty back, out _));
        Assert.Equal(value, back.Difficulty.Value);
    }

    [Theory]
    [InlineData(double.MaxValue)]
    [InlineData(double.Epsilon)]
    [InlineData(1.2345678901234567e-200)]
    public void SetDifficulty_ExtremeValues_HaveNoExponentAndReadBack(double value)
    {
        string line = Lines.Written(new SetDifficulty(new Difficulty(value)).Write);

        Assert.DoesNotContain("E", line, StringComparison.Ordinal);
        Assert.True(SetDifficulty.TryRead(Lines.Params(line), out SetDifficulty back, out _));
        Assert.Equal(value, back.Difficulty.Value);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void SetDifficulty_NotANumber_Throws(double value) =>
        Assert.Throws<ArgumentOutOfRangeException>(
            () => Lines.Written(new SetDifficulty(new Difficulty(value)).Write));

    [Fact]
    public void SetDifficulty_RandomValues_ReadBack()
    {
        var random = new Random(6);
        for (int round = 0; round < 300; round++)
        {
            double value = Math.Round(random.NextDouble() * Math.Pow(10, random.Next(-3, 8)), 9) + 1e-9;
            string line = Lines.Written(new SetDifficulty(new Difficulty(value)).Write);

            Assert.True(SetDifficulty.TryRead(Lines.Params(line), out SetDifficulty back, out _));
            Assert.Equal(value, back.Difficulty.Value, 1e-12 * value);
            Assert.DoesNotContain("E", line, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("[0]")]
    [InlineData("[-5]")]
    [InlineData("[true]")]
    [InlineData("{}")]
    [InlineData("12")]
    public void SetDifficulty_Bad_SaysWhy(string raw)
    {
        Assert.False(SetDifficulty.TryRead(Lines.Utf8(raw), out _, out string? error));
        Assert.Contains("params", error, StringComparison.Ordinal);
    }

    [Fact]
    public void SetExtranonce_Golden_ReadsBack()
    {
        Assert.True(SetExtranonce.TryRead(Lines.Params(Golden.SetExtranonce), out SetExtranonce value, out _));

        Assert.Equal(new SetExtranonce(Extranonce.FromUInt64(0x57a6f098, 4), 4), value);
        Assert.Equal(Golden.SetExtranonce, Lines.Written(value.Write));
    }

    [Theory]
    [InlineData("[]", "params[0]")]
    [InlineData("[7,4]", "params[0]")]
    [InlineData("[\"0\",4]", "params[0]")]
    [InlineData("[\"00\"]", "params[1]")]
    [InlineData("[\"00\",17]", "params[1]")]
    [InlineData("[\"00\",null]", "params[1]")]
    [InlineData("\"00\"", "array")]
    public void SetExtranonce_Bad_SaysWhy(string raw, string word)
    {
        Assert.False(SetExtranonce.TryRead(Lines.Utf8(raw), out _, out string? error));
        Assert.Contains(word, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[\"1fffe000\"]", 0x1fffe000)]
    [InlineData("\"1FFFE000\"", 0x1fffe000)]
    [InlineData("[\"0\",1]", 0)]
    public void SetVersionMask_ArrayOrBareString_IsRead(string raw, uint mask)
    {
        Assert.True(SetVersionMask.TryRead(Lines.Utf8(raw), out SetVersionMask value, out string? error), error);

        Assert.Equal(mask, value.Mask);
        Assert.Equal($"{mask:x8}", value.ToString());
    }

    [Fact]
    public void SetVersionMask_Write_IsGolden() =>
        Assert.Equal(Golden.SetVersionMask, Lines.Written(new SetVersionMask(0x1fffe000).Write));

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("true")]
    [InlineData("\"xyz\"")]
    [InlineData("\"1\" 2")]
    [InlineData("[\"123456789\"]")]
    [InlineData("[null]")]
    public void SetVersionMask_Bad_SaysWhy(string raw)
    {
        Assert.False(SetVersionMask.TryRead(Lines.Utf8(raw), out _, out string? error));
        Assert.NotEmpty(error);
    }
}
