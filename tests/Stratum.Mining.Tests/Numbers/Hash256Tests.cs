using System.Numerics;

namespace Stratum.Mining.Tests;

public class Hash256Tests
{
    private const string Display = "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f";

    [Fact]
    public void Parse_Display_IsHeldReversed()
    {
        var hash = Hash256.Parse(Display);
        Assert.Equal(Convert.FromHexString(Display).Reverse(), hash.ToArray());
        Assert.Equal(Display, hash.ToString());
        Assert.Equal(hash, new Hash256(hash.ToArray()));
        Assert.Equal(hash, Hash256.Parse(Display.ToUpperInvariant()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26")]
    [InlineData("000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f0")]
    [InlineData("000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26g")]
    [InlineData("0x0000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f")]
    public void Parse_NotSixtyFourDigits_Throws(string text)
    {
        Assert.False(Hash256.TryParse(text, out _));
        Assert.Contains(text, Assert.Throws<FormatException>(() => Hash256.Parse(text)).Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void Constructor_NotThirtyTwoBytes_Throws(int length) =>
        Assert.Throws<ArgumentException>(() => new Hash256(new byte[length]));

    [Fact]
    public void CopyTo_TooSmall_Throws() =>
        Assert.ThrowsAny<ArgumentException>(() => Hash256.Zero.CopyTo(new byte[31]));

    [Fact]
    public void CompareTo_RandomPairs_ComparesAsLittleEndianIntegers()
    {
        var random = new Random(4);
        for (var i = 0; i < 5000; i++)
        {
            var left = new byte[32];
            random.NextBytes(left);
            var right = left.ToArray();
            random.NextBytes(right.AsSpan(random.Next(32), 1));
            var expected = new BigInteger(left, isUnsigned: true).CompareTo(new BigInteger(right, isUnsigned: true));
            Assert.Equal(expected, Math.Sign(new Hash256(left).CompareTo(new Hash256(right))));
            Assert.Equal(expected == 0, new Hash256(left) == new Hash256(right));
            Assert.Equal(expected != 0, new Hash256(left) != new Hash256(right));
        }
    }

    [Fact]
    public void GetHashCode_HashesThatMetATarget_Differ()
    {
        var codes = Enumerable.Range(0, 1000).Select(i => Hash256.Parse($"{i:x64}").GetHashCode()).Distinct();
        Assert.True(codes.Count() > 990);
    }

    [Fact]
    public void Zero_Always_IsTheDefault()
    {
        Assert.Equal(default, Hash256.Zero);
        Assert.Equal(new string('0', 64), Hash256.Zero.ToString());
    }
}
