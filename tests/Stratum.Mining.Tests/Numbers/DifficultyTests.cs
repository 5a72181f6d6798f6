using System.Globalization;

namespace Stratum.Mining.Tests;

public class DifficultyTests
{
    [Theory]
    [InlineData(0.00001, "0.00001")]
    [InlineData(1e-10, "0.0000000001")]
    [InlineData(1.5e-7, "0.00000015")]
    [InlineData(1, "1")]
    [InlineData(0.5, "0.5")]
    [InlineData(1e6, "1000000")]
    [InlineData(1e21, "1000000000000000000000")]
    [InlineData(1.25e20, "125000000000000000000")]
    [InlineData(123456.789, "123456.789")]
    public void ToString_AnySize_HasNoExponent(double value, string text) =>
        Assert.Equal(text, new Difficulty(value).ToString());

    [Fact]
    public void ToString_RandomDoubles_RoundTripsWithoutExponent()
    {
        var random = new Random(3);
        for (var i = 0; i < 5000; i++)
        {
            var value = Math.Pow(10, random.NextDouble() * 60 - 30) * random.NextDouble();
            var text = new Difficulty(value).ToString();
            Assert.DoesNotContain('E', text);
            Assert.Equal(value, double.Parse(text, CultureInfo.InvariantCulture));
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1e999")]
    [InlineData("")]
    [InlineData("1x")]
    [InlineData(" 1")]
    public void TryParse_NotANumberAboveZero_Fails(string text) => Assert.False(Difficulty.TryParse(text, out _));

    [Fact]
    public void OfHash_WorkedVectors_MatchesTheirDifficulty()
    {
        foreach (var vector in Vectors.Worked.GetProperty("vectors").EnumerateArray())
        {
            if (!vector.GetProperty("result").TryGetProperty("share_difficulty", out var expected))
                continue;
            var scale = vector.GetProperty("algo").GetString() == "scrypt" ? 65536u : 1;
            var hash = Hash256.Parse(vector.GetProperty("result").GetProperty("pow_hash_display").GetString()!);
            Assert.Equal(expected.GetDouble(), Difficulty.OfHash(hash, scale).Value, expected.GetDouble() * 1e-12);
        }
    }

    [Fact]
    public void HotFunctions_Called_AllocateNothing()
    {
        var hash = Hash256.Parse("000000000061d52983863e5c424c00d9e0981874fddf6a8493433e73928a3e4e");
        Span<byte> text = stackalloc byte[352];
        var target = Target.PdiffOne;
        Use(text);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Use(text);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Use(Span<byte> buffer)
        {
            Difficulty.OfHash(hash).TryFormat(buffer, out _);
            new Difficulty(0.00001).TryFormat(buffer, out _);
            target.IsMetBy(hash);
            Extranonce.TryParse("0011223344556677"u8, out var extranonce);
            extranonce.CopyTo(buffer);
            Sha256d.HashPair(hash, hash).CopyTo(buffer);
        }
    }
}
