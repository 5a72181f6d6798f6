using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Stratum.Mining;

namespace Stratum.Protocol;

/// <summary>
/// <c>{"id":null,"method":"mining.set_extranonce","params":["57a6f098",4]}</c>: takes effect with the next
/// <see cref="Notify"/>, even one with the same job id. Only for miners that asked by
/// <see cref="ExtranonceSubscribe"/>.
/// </summary>
/// <param name="Extranonce1">The pool's part of the coinbase.</param>
/// <param name="Extranonce2Size">How many bytes are the miner's, 0 to 16.</param>
public readonly record struct SetExtranonce(Extranonce Extranonce1, int Extranonce2Size)
{
    /// <summary>Reads the params. Never throws.</summary>
    /// <param name="rawParams"><see cref="Message.Params"/>.</param>
    /// <param name="value">The extranonce.</param>
    /// <param name="error">What is wrong with the params.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> rawParams, out SetExtranonce value, [NotNullWhen(false)] out string? error)
    {
        const string Must = "params[0] must be extranonce1: two hex digits for each of up to 16 bytes";
        var list = ValueReader.OfParams(rawParams);
        if (!Extranonce.TryParse(list.NextText(Must), out Extranonce extranonce1))
        {
            list.Fail(Must);
        }

        int size = list.NextInteger(0, 16, "params[1] must be the size of extranonce2: 0 to 16 bytes");
        error = list.Finish();
        value = new SetExtranonce(extranonce1, size);
        return error is null;
    }

    /// <summary>Writes the notification.</summary>
    public void Write(IBufferWriter<byte> writer)
    {
        MessageWriter.BeginNotification(writer, Methods.SetExtranonce);
        writer.Write("["u8);
        writer.PutHex(Extranonce1);
        writer.Write(","u8);
        writer.PutNumber(Extranonce2Size);
        writer.Write("]}\n"u8);
    }
}
