using Stratum.Mining;

namespace Stratum.Protocol.Tests;

public sealed class NotifyTests
{
    [Theory]
    [InlineData(Golden.Notify)]
    [InlineData(Golden.NotifyLitecoin)]
    public void Write_Golden_ReadsBack(string golden)
    {
        Assert.True(Notify.TryRead(Lines.Params(golden), out Notify? job, out string? error), error);

        Assert.Equal(golden, Lines.Written(job.Write));
        Assert.True(Notify.TryRead(Lines.Params(golden), out Notify? again, out _));
        Assert.Equal(job, again);
        Assert.Equal(job.GetHashCode(), again.GetHashCode());
        Assert.NotEqual(job, again with { Clean = !job.Clean });
        Assert.NotEqual(job, again with { Coinbase2 = default });
        Assert.NotEqual(job, again with { MerkleBranch = default });
    }

    [Fact]
    public void TryRead_WorkedVector_HasItsFields()
    {
        Assert.True(Notify.TryRead(Lines.Params(Golden.Notify), out Notify? job, out _));

        // C.1: the groups of eight digits of the display hash in reverse order.
        Assert.Equal("00000000000000022246451e9af7ac4f8bff2527d223f6e623740e92171592f2", job.PreviousBlock.ToString());
        Assert.Equal("1", job.JobId);
        Assert.Equal(3, job.MerkleBranch.Length);
        byte[] first = new byte[32];
        job.MerkleBranch.Span[0].CopyTo(first);
        Assert.Equal(
            "175335649d5e8746982969ec88f52e85ac9917106fba5468e699c8879ab974a1", Convert.ToHexStringLower(first));
        Assert.Equal((0x20000000u, 0x192495f8u, 0x64b3f3ecu), (job.Version, job.Bits.Bits, job.Time));
        Assert.False(job.Clean);
        Assert.StartsWith("0200000001", Convert.ToHexStringLower(job.Coinbase1.Span), StringComparison.Ordinal);
        Assert.EndsWith("4c00000000", Convert.ToHexStringLower(job.Coinbase2.Span), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData(",true", true)]
    [InlineData(",false", false)]
    [InlineData(",1", false)]
    [InlineData(",\"true\"", false)]
    [InlineData(",null", false)]
    [InlineData(",true,[1]", true)]
    public void TryRead_CleanJobs_OnlyTrueIsTrue(string last, bool clean)
    {
        string hash = new('0', 64);
        string raw = $$"""["j","{{hash}}","","",[],"2","1d00ffff","1"{{last}}]""";

        Assert.True(Notify.TryRead(Lines.Utf8(raw), out Notify? job, out string? error), error);
        Assert.Equal(clean, job.Clean);
        Assert.Equal((2u, 1u), (job.Version, job.Time)); // unpadded, as public-pool sends them
    }

    [Theory]
    [InlineData(0, "7", "params[0]")]
    [InlineData(1, "\"00\"", "params[1]")]
    [InlineData(1, "null", "params[1]")]
    [InlineData(2, "\"0\"", "params[2]")]
    [InlineData(2, "7", "params[2]")]
    [InlineData(3, "\"zz\"", "params[3]")]
    [InlineData(4, "\"\"", "params[4]")]
    [InlineData(4, "null", "params[4]")]
    [InlineData(4, "[7]", "params[4]")]
    [InlineData(4, "[\"00\"]", "params[4]")]
    [InlineData(4, "{}", "params[4]")]
    [InlineData(5, "\"123456789\"", "params[5]")]
    [InlineData(6, "\"\"", "params[6]")]
    [InlineData(7, "[]", "params[7]")]
    public void TryRead_WrongParam_SaysWhich(int index, string value, string word)
    {
        string[] values =
            ["\"j\"", $"\"{new string('0', 64)}\"", "\"00\"", "\"00\"", "[]", "\"1\"", "\"1\"", "\"1\"", "true"];
        values[index] = value;

        Assert.False(Notify.TryRead(Lines.Utf8($"[{string.Join(',', values)}]"), out Notify? job, out string? error));
        Assert.Null(job);
        Assert.Contains(word, error, StringComparison.Ordinal);

        string tooFew = $"[{string.Join(',', values[..index])}]";
        Assert.False(Notify.TryRead(Lines.Utf8(tooFew), out _, out error));
        Assert.Contains(word, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_RandomJobs_ReadBack()
    {
        var random = new Random(9);
        for (int round = 0; round < 300; round++)
        {
            var job = new Notify
            {
                JobId = $"{random.NextInt64():x16}",
                PreviousBlock = new Hash256(Bytes(random, 32)),
                Coinbase1 = Bytes(random, random.Next(200)),
                Coinbase2 = Bytes(random, random.Next(2000)),
                MerkleBranch =
                    Enumerable.Range(0, random.Next(16)).Select(_ => new Hash256(Bytes(random, 32))).ToArray(),
                Version = (uint)random.NextInt64(1L << 32),
                Bits = new CompactTarget((uint)random.NextInt64(1L << 32)),
                Time = (uint)random.NextInt64(1L << 32),
                Clean = random.Next(2) == 0,
            };

            Assert.True(
                Notify.TryRead(Lines.Params(Lines.Written(job.Write)), out Notify? back, out string? error), error);
            Assert.Equal(job, back);
        }
    }

    private static byte[] Bytes(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
