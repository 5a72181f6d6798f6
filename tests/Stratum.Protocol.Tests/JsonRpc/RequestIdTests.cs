namespace Stratum.Protocol.Tests;

public sealed class RequestIdTests
{
    [Theory]
    [MemberData(nameof(MessageTests.Ids), MemberType = typeof(MessageTests))]
    public void Constructor_AnyId_GivesTheSameBytesBack(string raw)
    {
        var id = new RequestId(Lines.Utf8(raw));
        byte[] source = Lines.Utf8(raw);
        var copied = new RequestId(source);
        source.AsSpan().Clear(); // owned: the line may be gone

        Assert.Equal(raw, copied.ToString());
        Assert.Equal(raw, Lines.Text(copied.AsUtf8(stackalloc byte[20])));
        Assert.Equal(raw, Lines.Written(w =>
        {
            copied.Write(w);
            System.Buffers.BuffersExtensions.Write(w, "\n"u8);
        }));
        Assert.Equal(id, copied);
        Assert.Equal(id.GetHashCode(), copied.GetHashCode());
        Assert.False(id.IsNull);
    }

    [Fact]
    public void Constructor_NullOrNothing_IsNull()
    {
        Assert.Equal(default, new RequestId("null"u8));
        Assert.Equal(default, new RequestId(default));
        Assert.True(default(RequestId).IsNull);
        Assert.Equal("null", default(RequestId).ToString());
        Assert.NotEqual(default, RequestId.FromNumber(0));
    }

    [Theory]
    [InlineData("17", true)]
    [InlineData("-17", true)]
    [InlineData("9223372036854775807", true)]
    [InlineData("9223372036854775808", false)]
    [InlineData("-0", false)]
    [InlineData("1.0", false)]
    [InlineData("\"17\"", false)]
    public void TryGetNumber_PlainIntegersOnly(string raw, bool isNumber)
    {
        var id = new RequestId(Lines.Utf8(raw));

        Assert.Equal(isNumber, id.TryGetNumber(out long number));
        Assert.Equal(raw, id.ToString());
        if (isNumber)
        {
            Assert.Equal(RequestId.FromNumber(number), id);
        }
    }

    [Fact]
    public void Equals_StringAndNumber_Differ()
    {
        Assert.True(new RequestId("\"1\""u8) != new RequestId("1"u8));
        Assert.True(new RequestId("1"u8) == RequestId.FromNumber(1));
    }
}
