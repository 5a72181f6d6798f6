using System.Globalization;
using System.Numerics;

namespace Stratum.Mining.Tests;

public class TargetTests
{
    private static readonly BigInteger s_pdiffOne = new BigInteger(0xffff) << 208;
    private static readonly BigInteger s_max = (BigInteger.One << 256) - 1;

    public static TheoryData<string, string, string> Table()
    {
        var table = new TheoryData<string, string, string>();
        foreach (var row in Vectors.Worked.GetProperty("difficulty_targets").EnumerateObject())
            table.Add(row.Name, row.Value[0].GetString()!, row.Value[1].GetString()!);
        return table;
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void FromDifficulty_WorkedVector_IsExact(string difficulty, string sha256d, string scrypt)
    {
        Assert.True(Difficulty.TryParse(difficulty, out var value));
        Assert.Equal(sha256d, Target.FromDifficulty(value).ToString());
        Assert.Equal(scrypt, Target.FromDifficulty(value, 65536).ToString());
    }

    [Fact]
    public void FromDifficulty_RandomDecimals_EqualsBigInteger()
    {
        var random = new Random(1);
        for (var i = 0; i < 2000; i++)
        {
            var digits = random.NextInt64(1, 1_000_000_000_000);
            var power = random.Next(0, 18);
            Assert.True(Difficulty.TryParse($"{digits}e-{power}", out var difficulty));
            var expected = BigInteger.Min(s_max, s_pdiffOne * BigInteger.Pow(10, power) / digits);
            Assert.Equal(Hex(expected), Target.FromDifficulty(difficulty).ToString());
        }
    }

    [Fact]
    public void IsMetBy_RandomNumbers_EqualsBigInteger()
    {
        var random = new Random(2);
        Span<byte> left = stackalloc byte[32];
        Span<byte> right = stackalloc byte[32];
        for (var i = 0; i < 5000; i++)
        {
            random.NextBytes(left);
            left.CopyTo(right);
            // They share their upper bytes, so that the lower ones decide in many cases.
            random.NextBytes(right[..random.Next(1, 33)]);
            var big = new byte[32];
            right.CopyTo(big);
            Array.Reverse(big);
            Assert.Equal(new BigInteger(left, true) <= new BigInteger(right, true),
                Target.FromBytesBigEndian(big).IsMetBy(new Hash256(left)));
        }
    }

    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000001")]
    [InlineData("0000000000000000000000000000000000000000000000010000000000000000")]
    [InlineData("0000000000000000000000000000000100000000000000000000000000000000")]
    [InlineData("00000000ffff0000000000000000000000000000000000000000000000000000")]
    public void IsMetBy_TheTargetItselfAndItsNeighbours_IncludesTheTarget(string hex)
    {
        var target = Target.Parse(hex);
        var value = BigInteger.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        Assert.True(target.IsMetBy(Hash256.Parse(hex)));
        Assert.True(target.IsMetBy(Hash256.Parse(Hex(value - 1))));
        Assert.False(target.IsMetBy(Hash256.Parse(Hex(value + 1))));
    }

    [Fact]
    public void WithShareTolerance_PdiffOne_IsBdiffOne()
    {
        Assert.Equal(Target.BdiffOne, Target.PdiffOne.WithShareTolerance());
        Assert.Equal(Target.Max, Target.Max.WithShareTolerance());
    }

    [Fact]
    public void Floor_BothScales_IsTheSmallestThatIsNotClamped()
    {
        foreach (var scale in new uint[] { 1, 65536 })
        {
            var floor = Difficulty.Floor(scale);
            Assert.True(Target.FromDifficulty(floor, scale) < Target.Max);
            Assert.Equal(Target.Max, Target.FromDifficulty(new Difficulty(floor.Value * 0.999999), scale));
        }
        Assert.InRange(Difficulty.Floor().Value, 2.328e-10, 2.329e-10);
        Assert.InRange(Difficulty.Floor(65536).Value, 1.5258e-5, 1.5259e-5);
    }

    [Fact]
    public void FromDifficulty_AnyDouble_IsThatOfItsDecimalOnTheWire()
    {
        var random = new Random(6);
        for (var i = 0; i < 3000; i++)
        {
            var value = BitConverter.UInt64BitsToDouble((ulong)random.NextInt64());
            if (!(value > 0) || !double.IsFinite(value))
                continue;
            var scale = (uint)(i % 2 == 0 ? 1 : 65536);
            var wire = new Difficulty(value).ToString();
            var point = wire.IndexOf('.', StringComparison.Ordinal);
            var decimals = point < 0 ? 0 : wire.Length - point - 1;
            var digits = BigInteger.Parse(wire.Replace(".", "", StringComparison.Ordinal));
            var exact = BigInteger.Min(s_max, s_pdiffOne * scale * BigInteger.Pow(10, decimals) / digits);
            Assert.Equal(Hex(exact), Target.FromDifficulty(new Difficulty(value), scale).ToString());
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void FromDifficulty_NotANumberAboveZero_Throws(double value) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Target.FromDifficulty(new Difficulty(value)));

    [Fact]
    public void ToDifficulty_RandomTargets_IsTheQuotient()
    {
        var random = new Random(7);
        for (var i = 0; i < 5000; i++)
        {
            var target = Random256(random);
            var scale = (uint)(i % 2 == 0 ? 1 : 65536);
            var difficulty = Target.Parse(Hex(target)).ToDifficulty(scale).Value;
            // 2^300 keeps every digit that a double has.
            var expected = Math.ScaleB((double)((s_pdiffOne * scale << 300) / target), -300);
            Assert.InRange(difficulty / expected, 1 - 1e-15, 1 + 1e-15);
        }
        Assert.Equal(default, Target.Zero.ToDifficulty());
    }

    [Fact]
    public void WithShareTolerance_RandomTargets_IsTheProductRoundedDown()
    {
        var random = new Random(8);
        for (var i = 0; i < 5000; i++)
        {
            var target = Random256(random);
            var expected = BigInteger.Min(s_max, target * 65536 / 65535);
            Assert.Equal(Hex(expected), Target.Parse(Hex(target)).WithShareTolerance().ToString());
        }
    }

    [Fact]
    public void WriteBigEndian_RandomTargets_RoundTrips()
    {
        var random = new Random(9);
        Span<byte> bytes = stackalloc byte[32];
        for (var i = 0; i < 1000; i++)
        {
            var (left, right) = (Random256(random), Random256(random));
            var target = Target.Parse(Hex(left));
            target.WriteBigEndian(bytes);
            Assert.Equal(Hex(left), Convert.ToHexStringLower(bytes));
            Assert.Equal(target, Target.FromBytesBigEndian(bytes));
            Assert.Equal(left.CompareTo(right), Math.Sign(target.CompareTo(Target.Parse(Hex(right)))));
            Assert.Equal(left < right, target < Target.Parse(Hex(right)));
            Assert.Equal(left > right, target > Target.Parse(Hex(right)));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("ff")]
    [InlineData("zz00000000000000000000000000000000000000000000000000000000000000")]
    public void Parse_NotSixtyFourDigits_Throws(string text) =>
        Assert.Throws<FormatException>(() => Target.Parse(text));

    private static string Hex(BigInteger value) => value.ToString("x64", CultureInfo.InvariantCulture)[^64..];

    // Numbers of every length, not only those that begin with a 1 bit.
    private static BigInteger Random256(Random random)
    {
        var bytes = new byte[random.Next(1, 33)];
        random.NextBytes(bytes);
        bytes[0] |= 1;
        return new BigInteger(bytes, isUnsigned: true);
    }
}
