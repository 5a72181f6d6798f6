using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Stratum.Protocol;

/// <summary>
/// <c>{"id":null,"method":"client.show_message","params":["text"]}</c>: the miner shows the text to its owner
/// (Bitaxe the first 256 characters).
/// </summary>
/// <param name="Text">What the owner reads.</param>
public sealed record ShowMessage(string Text)
{
    /// <summary>Reads the params. Never throws.</summary>
    /// <param name="rawParams"><see cref="Message.Params"/>.</param>
    /// <param name="value">The message.</param>
    /// <param name="error">What is wrong with the params.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> rawParams,
        [NotNullWhen(true)] out ShowMessage? value,
        [NotNullWhen(false)] out string? error)
    {
        var list = ValueReader.OfParams(rawParams);
        string text = list.NextString("params[0] must be the text: a string");
        error = list.Finish();
        value = error is null ? new ShowMessage(text) : null;
        return value is not null;
    }

    /// <summary>Writes the notification.</summary>
    public void Write(IBufferWriter<byte> writer)
    {
        MessageWriter.BeginNotification(writer, Methods.ShowMessage);
        writer.Write("["u8);
        writer.PutText(Text);
        writer.Write("]}\n"u8);
    }
}
