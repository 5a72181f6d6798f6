using System.Globalization;
using System.Numerics;

namespace Stratum.Mining.Tests;

public class CompactTargetTests
{
    [Theory]
    [InlineData(0x1d00ffffu, "00000000ffff0000000000000000000000000000000000000000000000000000")]
    [InlineData(0x207fffffu, "7fffff0000000000000000000000000000000000000000000000000000000000")]
    [InlineData(0x192495f8u, "000000000000002495f800000000000000000000000000000000000000000000")]
    [InlineData(0x01123456u, "0000000000000000000000000000000000000000000000000000000000000012")]
    [InlineData(0x02123456u, "0000000000000000000000000000000000000000000000000000000000001234")]
    [InlineData(0x03123456u, "0000000000000000000000000000000000000000000000000000000000123456")]
    [InlineData(0x04123456u, "0000000000000000000000000000000000000000000000000000000012345600")]
    [InlineData(0x2100ffffu, "ffff000000000000000000000000000000000000000000000000000000000000")]
    [InlineData(0x220000ffu, "ff00000000000000000000000000000000000000000000000000000000000000")]
    public void ToTarget_KnownBits_Expands(uint bits, string target) =>
        Assert.Equal(target, new CompactTarget(bits).ToTarget().ToString());

    [Theory]
    [InlineData(0u)]
    [InlineData(0x01003456u)]
    [InlineData(0x1d000000u)]
    [InlineData(0x04923456u)] // negative
    [InlineData(0x1d80ffffu)] // negative
    [InlineData(0x2101ffffu)] // 2^256 and more
    [InlineData(0x220100ffu)]
    [InlineData(0x23000001u)]
    [InlineData(0xff123456u)]
    public void ToTarget_NegativeZeroOrOverflow_IsZero(uint bits) =>
        Assert.Equal(Target.Zero, new CompactTarget(bits).ToTarget());

    [Theory]
    [InlineData(0x1d00ffffu)]
    [InlineData(0x207fffffu)]
    [InlineData(0x192495f8u)]
    [InlineData(0x1b0404cbu)]
    [InlineData(0x03123456u)]
    [InlineData(0x01120000u)]
    [InlineData(0x0200ff00u)]
    [InlineData(0u)]
    public void FromTarget_Expanded_RoundTrips(uint bits) =>
        Assert.Equal(bits, CompactTarget.FromTarget(new CompactTarget(bits).ToTarget()).Bits);

    [Fact]
    public void FromTarget_RandomTargets_CutsLowDigitsOnly()
    {
        var random = new Random(10);
        for (var i = 0; i < 3000; i++)
        {
            var bytes = new byte[random.Next(1, 33)];
            random.NextBytes(bytes);
            var value = new BigInteger(bytes, isUnsigned: true);
            var target = Target.Parse(value.ToString("x64", CultureInfo.InvariantCulture)[^64..]);
            var compact = CompactTarget.FromTarget(target);
            var back = BigInteger.Parse("0" + compact.ToTarget(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            Assert.True(back <= value);
            // Two bytes of mantissa at least: less than 1/32768 is lost.
            Assert.True((value - back) * 32768 <= value);
            Assert.Equal(compact, CompactTarget.FromTarget(compact.ToTarget()));
        }
    }

    [Fact]
    public void ToString_SmallBits_HasEightDigits() =>
        Assert.Equal("01003456", new CompactTarget(0x01003456).ToString());
}
