using System.Text.Json;

namespace Stratum.BlockNotify.Tests;

public sealed class RpcRequestTests
{
    [Fact]
    public void Write_EveryCharacter_IsReadAsItWas()
    {
        // Without the halves of surrogate pairs, which no text in UTF-8 has.
        var every = string.Concat(Enumerable.Range(0, 0x10000).Where(c => c is < 0xD800 or > 0xDFFF).Select(c => (char)c));

        var bytes = RpcRequest.Write(NotifyOptions.Parse(["--type", "alert", "--data", every, "--source", "\"\\\n"]));

        using var json = JsonDocument.Parse(bytes);
        Assert.Equal(every, json.RootElement.GetProperty("params")[0].GetString());
        Assert.Equal("\"\\\n", json.RootElement.GetProperty("params")[1].GetString());
        Assert.Equal(bytes.Length - 1, Array.IndexOf(bytes, (byte)'\n'));
    }

    [Fact]
    public void Write_HalfAPair_IsMarked()
    {
        using var json = JsonDocument.Parse(RpcRequest.Write(NotifyOptions.Parse(["--type", "alert", "--data", "a\uD800b"])));

        Assert.Equal("a\uFFFDb", json.RootElement.GetProperty("params")[0].GetString());
    }
}
