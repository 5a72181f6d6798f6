using System.Text;

namespace Stratum.Mining.Tests;

public class ExtranonceTests
{
    [Fact]
    public void Constructor_EveryLength_KeepsTheBytes()
    {
        var random = new Random(5);
        for (var length = 0; length <= Extranonce.MaxLength; length++)
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            var extranonce = new Extranonce(bytes);
            var copy = new byte[length];
            extranonce.CopyTo(copy);
            Assert.Equal(length, extranonce.Length);
            Assert.Equal(bytes, copy);
            Assert.Equal(Convert.ToHexStringLower(bytes), extranonce.ToString());
            Assert.True(Extranonce.TryParse(Encoding.ASCII.GetBytes(Convert.ToHexString(bytes)), out var parsed));
            Assert.Equal(extranonce, parsed);
        }
    }

    [Fact]
    public void Constructor_SeventeenBytes_Throws() =>
        Assert.Throws<ArgumentException>(() => new Extranonce(new byte[17]));

    [Fact]
    public void Equals_SameNumberOfOtherLength_IsFalse()
    {
        Assert.NotEqual(new Extranonce([0, 1]), new Extranonce([1]));
        Assert.NotEqual(new Extranonce([0]), new Extranonce([]));
        Assert.True(new Extranonce([1, 2]) == new Extranonce([1, 2]));
        Assert.True(new Extranonce([1, 2]) != new Extranonce([2, 1]));
        Assert.Equal(default, new Extranonce([]));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("0g")]
    [InlineData("0x01")]
    [InlineData(" 01")]
    [InlineData("0102030405060708090a0b0c0d0e0f1011")]
    public void TryParse_NotWholeBytesOfHex_Fails(string hex) =>
        Assert.False(Extranonce.TryParse(Encoding.ASCII.GetBytes(hex), out _));

    [Fact]
    public void TryParse_EitherCase_IsTheSame()
    {
        Assert.True(Extranonce.TryParse("aBcDeF01"u8, out var mixed));
        Assert.Equal(new Extranonce([0xab, 0xcd, 0xef, 0x01]), mixed);
    }

    [Theory]
    [InlineData(0x0102030405060708UL, 8, "0102030405060708")]
    [InlineData(0x0102030405060708UL, 4, "05060708")]
    [InlineData(1UL, 2, "0001")]
    [InlineData(1UL, 0, "")]
    [InlineData(ulong.MaxValue, 16, "0000000000000000ffffffffffffffff")]
    public void FromUInt64_AnyLength_IsBigEndian(ulong value, int length, string hex) =>
        Assert.Equal(hex, Extranonce.FromUInt64(value, length).ToString());

    [Theory]
    [InlineData(-1)]
    [InlineData(17)]
    public void FromUInt64_ImpossibleLength_Throws(int length) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Extranonce.FromUInt64(1, length));

    [Fact]
    public void CopyTo_TooSmall_Throws() =>
        Assert.ThrowsAny<ArgumentException>(() => new Extranonce([1, 2]).CopyTo(new byte[1]));
}
