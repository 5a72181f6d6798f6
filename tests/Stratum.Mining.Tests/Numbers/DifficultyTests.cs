using System.Globalization;
using System.Numerics;
using Stratum.Testing;

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
    public void OfHash_RandomHashes_IsTheQuotient()
    {
        var random = new Random(11);
        Span<byte> bytes = stackalloc byte[32];
        for (var i = 0; i < 5000; i++)
        {
            bytes.Clear();
            random.NextBytes(bytes[..random.Next(1, 33)]);
            bytes[0] |= 1;
            var scale = (uint)(i % 2 == 0 ? 1 : 65536);
            var quotient = ((new BigInteger(0xffff) << 208) * scale << 300) / new BigInteger(bytes, isUnsigned: true);
            var expected = Math.ScaleB((double)quotient, -300);
            Assert.InRange(Difficulty.OfHash(new Hash256(bytes), scale).Value / expected, 1 - 1e-15, 1 + 1e-15);
        }
    }

    [Fact]
    public void OfHash_Zero_IsFinite() => Assert.True(double.IsFinite(Difficulty.OfHash(Hash256.Zero, 65536).Value));

    [Theory]
    [InlineData("1", 1)]
    [InlineData("0.001", 0.001)]
    [InlineData("1e-5", 1e-5)]
    [InlineData("1E+3", 1000)]
    [InlineData("1000000", 1000000)]
    public void TryParse_DecimalAboveZero_Reads(string text, double value)
    {
        Assert.True(Difficulty.TryParse(text, out var difficulty));
        Assert.Equal(value, difficulty.Value);
    }

    [Fact]
    public void TryFormat_EveryBuffer_WritesAllOrNothing()
    {
        foreach (var value in new[] { 1, 0.5, 1e-5, 1.25e20, 123456.789, double.MaxValue, double.Epsilon })
        {
            var difficulty = new Difficulty(value);
            var expected = difficulty.ToString();
            for (var size = 0; size <= expected.Length; size++)
            {
                var buffer = new byte[size];
                Assert.Equal(size == expected.Length, difficulty.TryFormat(buffer, out var written));
                Assert.Equal(size == expected.Length ? expected.Length : 0, written);
            }
            Assert.Equal(value, double.Parse(expected, CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public void Operators_TwoDifficulties_OrderByValue()
    {
        var (low, high) = (new Difficulty(1), new Difficulty(2));
        Assert.True(low < high && high > low && low <= high && high >= low && !(high < low) && !(low > high));
        Assert.True(low.CompareTo(high) < 0);
    }

    [Fact]
    public void HotFunctions_Called_AllocateNothing()
    {
        var hash = Hash256.Parse("000000000061d52983863e5c424c00d9e0981874fddf6a8493433e73928a3e4e");
        var text = new byte[352];
        var target = Target.PdiffOne;
        Assert.Equal(0, Allocated.Least(() => Use(text)));

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
