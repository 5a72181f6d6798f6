using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Stratum.Protocol;

/// <summary>
/// <c>{"id":null,"method":"mining.set_version_mask","params":["1fffe000"]}</c>, BIP 310: the version bits that the
/// miner may roll, valid at once and not only for the next job.
/// </summary>
/// <param name="Mask">The bits; 0 forbids rolling.</param>
public readonly record struct SetVersionMask(uint Mask)
{
    /// <summary>Reads the params, an array or a bare string as cgminer takes it. Never throws.</summary>
    /// <param name="rawParams"><see cref="Message.Params"/>.</param>
    /// <param name="value">The mask.</param>
    /// <param name="error">What is wrong with the params.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> rawParams, out SetVersionMask value, [NotNullWhen(false)] out string? error)
    {
        const string Must = "params[0] must be the version mask: 1 to 8 hex digits";
        var reader = ValueReader.OfValue(rawParams);
        if (reader.Type == JsonTokenType.String)
        {
            value = new SetVersionMask(reader.Hex(Must));
        }
        else
        {
            reader = ValueReader.OfParams(rawParams);
            value = new SetVersionMask(reader.NextHex(Must));
        }

        error = reader.Finish();
        return error is null;
    }

    /// <summary>Writes the notification.</summary>
    public void Write(IBufferWriter<byte> writer)
    {
        MessageWriter.BeginNotification(writer, Methods.SetVersionMask);
        writer.Write("["u8);
        writer.PutHex(Mask);
        writer.Write("]}\n"u8);
    }

    /// <summary>Eight hex digits.</summary>
    public override string ToString() => $"{Mask:x8}";
}
