using Stratum.Mining;

namespace Stratum.Protocol.Tests;

public sealed class ConfigureTests
{
    [Fact]
    public void TryRead_Bip310Example_IsRead()
    {
        Assert.True(ConfigureRequest.TryRead(Lines.Params(Golden.Configure), out ConfigureRequest? request, out _));

        Assert.Equal(["minimum-difficulty", "version-rolling"], request.Extensions);
        Assert.Equal(0x1fffe000u, request.VersionRollingMask);
        Assert.Equal(2, request.MinBitCount);
        Assert.Equal(new Difficulty(2048), request.MinimumDifficulty);
        Assert.True(request.Asks(ConfigureRequest.VersionRolling));
        Assert.False(request.Asks(ConfigureRequest.Info));
        Assert.Equal(Golden.Configure, Lines.Written(w => request.Write(w, 1)));
    }

    [Theory]
    [InlineData("""[["version-rolling"]]""")]
    [InlineData("""[["version-rolling"],null]""")]
    [InlineData("""[["version-rolling"],{}]""")]
    [InlineData("""[["version-rolling","version-rolling"],{},7]""")]
    public void TryRead_WithoutParameters_HasDefaults(string raw)
    {
        Assert.True(ConfigureRequest.TryRead(Lines.Utf8(raw), out ConfigureRequest? request, out string? error), error);

        Assert.Equal(new ConfigureRequest { Extensions = ["version-rolling"] }, request);
    }

    [Fact]
    public void TryRead_EverythingAndUnknown_IsKept()
    {
        const string Line =
            """{"id":1,"method":"mining.configure","params":[["version-rolling","info","x"],{"version-rolling.mask":"ffffffff","version-rolling.min-bit-count":16,"minimum-difficulty.value":0.5,"info.connection-url":"stratum+tcp://a:1","info.hw-version":"h","info.sw-version":"s","info.hw-id":"i\"d","x.y":[1,{"z":null}],"x.\"":"t"}]}""";

        Assert.True(
            ConfigureRequest.TryRead(Lines.Params(Line), out ConfigureRequest? request, out string? error), error);

        Assert.Equal("stratum+tcp://a:1", request.ConnectionUrl);
        Assert.Equal(("h", "s", "i\"d"), (request.HardwareVersion, request.SoftwareVersion, request.HardwareId));
        Assert.Equal("""[1,{"z":null}]""", request.Others["x.y"]);
        Assert.Equal(Line, Lines.Written(w => request.Write(w, 1)));
        Assert.True(ConfigureRequest.TryRead(Lines.Params(Line), out ConfigureRequest? again, out _));
        Assert.Equal(request, again);
        Assert.Equal(request.GetHashCode(), again.GetHashCode());
        Assert.NotEqual(request, again with { Others = new Dictionary<string, string>() });
    }

    [Theory]
    [InlineData("\"2\"", 2)]
    [InlineData("\"02\"", 2)]
    [InlineData("0", 0)]
    [InlineData("32", 32)]
    public void TryRead_MinBitCount_IsNumberOrString(string count, int expected)
    {
        string raw = $$"""[["version-rolling"],{"version-rolling.min-bit-count":{{count}}}]""";

        Assert.True(ConfigureRequest.TryRead(Lines.Utf8(raw), out ConfigureRequest? request, out string? error), error);
        Assert.Equal(expected, request.MinBitCount);
    }

    [Theory]
    [InlineData("[]", "params[0]")]
    [InlineData("{}", "array")]
    [InlineData("[{}]", "params[0]")]
    [InlineData("[[7]]", "params[0]")]
    [InlineData("[\"version-rolling\"]", "params[0]")]
    [InlineData("[[],[]]", "params[1]")]
    [InlineData("[[],7]", "params[1]")]
    [InlineData("""[[],{"version-rolling.mask":"123456789"}]""", "version-rolling.mask")]
    [InlineData("""[[],{"version-rolling.mask":[]}]""", "version-rolling.mask")]
    [InlineData("""[[],{"version-rolling.min-bit-count":33}]""", "min-bit-count")]
    [InlineData("""[[],{"version-rolling.min-bit-count":"x"}]""", "min-bit-count")]
    [InlineData("""[[],{"version-rolling.min-bit-count":null}]""", "min-bit-count")]
    [InlineData("""[[],{"minimum-difficulty.value":0}]""", "minimum-difficulty")]
    [InlineData("""[[],{"minimum-difficulty.value":{}}]""", "minimum-difficulty")]
    [InlineData("""[[],{"info.hw-id":{}}]""", "info.hw-id")]
    [InlineData("""[[],{"info.hw-version":[]}]""", "info.hw-version")]
    [InlineData("""[[],{"info.sw-version":true}]""", "info.sw-version")]
    [InlineData("""[[],{"info.connection-url":{}}]""", "info.connection-url")]
    [InlineData("""[[],{"\ud800":1}]""", "surrogate")]
    public void TryRead_BadParams_SaysWhy(string raw, string word)
    {
        Assert.False(ConfigureRequest.TryRead(Lines.Utf8(raw), out ConfigureRequest? request, out string? error));

        Assert.Null(request);
        Assert.Contains(word, error, StringComparison.Ordinal);
    }

    [Fact]
    public void WriteResult_Golden_ReadsBack()
    {
        var result = new ConfigureResult
        {
            Answers = [new("version-rolling", true), new("minimum-difficulty", true)],
            VersionRollingMask = 0x1fffe000,
        };

        string line = Lines.Written(w => result.Write(w, "1"u8));

        Assert.Equal(Golden.ConfigureResult, line);
        Assert.True(ConfigureResult.TryRead(Lines.Result(line), out ConfigureResult? back, out _));
        Assert.Equal(result, back);
        Assert.Equal(result.GetHashCode(), back.GetHashCode());
        Assert.True(back.Accepts(ConfigureRequest.VersionRolling));
        Assert.False(back.Accepts(ConfigureRequest.Info));
    }

    [Fact]
    public void WriteResult_Refusals_HaveNoMask()
    {
        var result = new ConfigureResult
        {
            Answers = [new("version-rolling", false), new("x", false, "no \"x\"")],
            VersionRollingMask = 0x1fffe000,
            Others = new Dictionary<string, string> { ["y.z"] = "[1]" },
        };

        Assert.Equal(
            """{"id":"conf","result":{"version-rolling":false,"x":"no \"x\"","y.z":[1]},"error":null}""",
            Lines.Written(w => result.Write(w, "\"conf\""u8)));
    }

    [Fact]
    public void TryReadResult_OddMembers_AreKept()
    {
        byte[] raw = Lines.Utf8(
            """{"version-rolling.min-bit-count":"2","version-rolling":"later","version-rolling":true,"info":null,"version-rolling.mask":"1FFFE000"}""");

        Assert.True(ConfigureResult.TryRead(raw, out ConfigureResult? result, out string? error), error);
        Assert.Equal([new ConfigureAnswer("version-rolling", true)], result.Answers);
        Assert.Equal(0x1fffe000u, result.VersionRollingMask);
        Assert.Equal("\"2\"", result.Others["version-rolling.min-bit-count"]);
        Assert.Equal("null", result.Others["info"]);
    }

    [Theory]
    [InlineData("", "JSON")]
    [InlineData("true", "object")]
    [InlineData("[]", "object")]
    [InlineData("""{"version-rolling":true,"version-rolling.mask":true}""", "mask")]
    [InlineData("""{"x":"\ud800"}""", "reason")]
    public void TryReadResult_BadResult_SaysWhy(string raw, string word)
    {
        Assert.False(ConfigureResult.TryRead(Lines.Utf8(raw), out ConfigureResult? result, out string? error));

        Assert.Null(result);
        Assert.Contains(word, error, StringComparison.OrdinalIgnoreCase);
    }
}
