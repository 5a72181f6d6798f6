using System.Numerics;

namespace Stratum.Mining.Tests;

public class TargetTests
{
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
            var expected = BigInteger.Min((BigInteger.One << 256) - 1,
                (new BigInteger(0xffff) << 208) * BigInteger.Pow(10, power) / digits);
            Assert.Equal(expected.ToString("x64").TrimStart('0').PadLeft(64, '0'), Target.FromDifficulty(difficulty).ToString());
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

    [Theory]
    [InlineData(0x1d00ffffu, "00000000ffff0000000000000000000000000000000000000000000000000000")]
    [InlineData(0x207fffffu, "7fffff0000000000000000000000000000000000000000000000000000000000")]
    [InlineData(0x192495f8u, "000000000000002495f800000000000000000000000000000000000000000000")]
    [InlineData(0x01003456u, "0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData(0x01123456u, "0000000000000000000000000000000000000000000000000000000000000012")]
    [InlineData(0x02123456u, "0000000000000000000000000000000000000000000000000000000000001234")]
    [InlineData(0x04923456u, "0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData(0xff123456u, "0000000000000000000000000000000000000000000000000000000000000000")]
    public void CompactToTarget_KnownBits_Expands(uint bits, string target) =>
        Assert.Equal(target, new CompactTarget(bits).ToTarget().ToString());

    [Theory]
    [InlineData(0x1d00ffffu)]
    [InlineData(0x207fffffu)]
    [InlineData(0x192495f8u)]
    [InlineData(0x1b0404cbu)]
    [InlineData(0x03123456u)]
    public void CompactFromTarget_Expanded_RoundTrips(uint bits) =>
        Assert.Equal(bits, CompactTarget.FromTarget(new CompactTarget(bits).ToTarget()).Bits);
}
