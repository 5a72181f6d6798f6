using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Stratum.Mining;

namespace Stratum.Protocol;

/// <summary>
/// <c>{"id":null,"method":"mining.set_difficulty","params":[1024]}</c>: the difficulty of shares from the next
/// <see cref="Notify"/> on. Exactly one before each notify that it is for: cgminer queues them.
/// </summary>
/// <param name="Difficulty">The difficulty; written without an exponent, may be a fraction.</param>
public readonly record struct SetDifficulty(Difficulty Difficulty)
{
    /// <summary>Reads the params: a number, or one in a string. Never throws.</summary>
    /// <param name="rawParams"><see cref="Message.Params"/>.</param>
    /// <param name="value">The difficulty.</param>
    /// <param name="error">What is wrong with the params.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> rawParams, out SetDifficulty value, [NotNullWhen(false)] out string? error)
    {
        var list = ValueReader.OfParams(rawParams);
        value = new SetDifficulty(list.NextDifficulty("params[0] must be the difficulty: a number above 0"));
        error = list.Finish();
        return error is null;
    }

    /// <summary>Writes the notification.</summary>
    public void Write(IBufferWriter<byte> writer)
    {
        MessageWriter.BeginNotification(writer, Methods.SetDifficulty);
        writer.Write("["u8);
        writer.PutNumber(Difficulty);
        writer.Write("]}\n"u8);
    }
}
