using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Stratum.Mining;

namespace Stratum.Protocol;

/// <summary>
/// <c>{"id":null,"method":"mining.suggest_target","params":["00000000ffff0000..."]}</c>: the share target that a miner
/// would like, most significant digit first. BFGMiner sends it before subscribe.
/// </summary>
/// <param name="Target">The wish, above zero.</param>
public readonly record struct SuggestTarget(Target Target)
{
    /// <summary>Reads the params, 1 to 64 hex digits of either case. Never throws.</summary>
    /// <param name="rawParams"><see cref="Message.Params"/>.</param>
    /// <param name="value">The wish.</param>
    /// <param name="error">What is wrong with the params.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> rawParams, out SuggestTarget value, [NotNullWhen(false)] out string? error)
    {
        const string Must = "params[0] must be a target above 0: up to 64 hex digits, most significant first";
        var list = ValueReader.OfParams(rawParams);
        ReadOnlySpan<byte> digits = list.NextText(Must);
        Span<byte> padded = stackalloc byte[64];
        Span<byte> bytes = stackalloc byte[32];
        padded.Fill((byte)'0');
        if (digits.Length <= 64)
        {
            digits.CopyTo(padded[(64 - digits.Length)..]);
        }

        if (digits.Length is 0 or > 64 || !WireText.TryReadHex(padded, bytes) || !bytes.ContainsAnyExcept((byte)0))
        {
            list.Fail(Must);
        }

        error = list.Finish();
        value = error is null ? new SuggestTarget(Target.FromBytesBigEndian(bytes)) : default;
        return error is null;
    }

    /// <summary>Writes the request.</summary>
    /// <param name="writer">Where the line goes.</param>
    /// <param name="id">Our number for the answer.</param>
    public void Write(IBufferWriter<byte> writer, long id)
    {
        Span<byte> bytes = stackalloc byte[32];
        Target.WriteBigEndian(bytes);
        MessageWriter.BeginRequest(writer, id, Methods.SuggestTarget);
        writer.Write("["u8);
        writer.PutHex(bytes);
        writer.Write("]}\n"u8);
    }
}
