using System.Buffers;
using System.Text;

namespace Stratum.Protocol.Tests;

/// <summary>Lines as text, for tests.</summary>
internal static class Lines
{
    public delegate bool RawReader(ReadOnlySpan<byte> raw, out string? error);

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);

    /// <summary>What was written, which must be exactly one line; without its LF.</summary>
    public static string Written(Action<IBufferWriter<byte>> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        write(buffer);
        string text = Text(buffer.WrittenSpan);
        Assert.EndsWith("\n", text);
        Assert.Equal(text.Length - 1, text.IndexOf('\n'));
        return text[..^1];
    }

    public static byte[] Params(string line)
    {
        Assert.True(Message.TryParse(Utf8(line), out Message message, out string? error), error);
        return message.Params.ToArray();
    }

    public static byte[] Result(string line)
    {
        Assert.True(Message.TryParse(Utf8(line), out Message message, out string? error), error);
        return message.Result.ToArray();
    }
}
