using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Stratum.Mining;

namespace Stratum.Protocol;

/// <summary>
/// <c>{"id":3,"method":"mining.suggest_difficulty","params":[512]}</c>: the difficulty that a miner would like, before
/// or after authorize. It is answered <c>true</c>: cgminer counts an error as a rejected share.
/// </summary>
/// <param name="Difficulty">The wish.</param>
public readonly record struct SuggestDifficulty(Difficulty Difficulty)
{
    private const string Must = "params[0] must be the difficulty: a number above 0, bare or in a string";

    /// <summary>Reads the params: a number, or one in a string (cpuminer-opt). Never throws.</summary>
    /// <param name="rawParams"><see cref="Message.Params"/>.</param>
    /// <param name="value">The wish.</param>
    /// <param name="error">What is wrong with the params.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> rawParams, out SuggestDifficulty value, [NotNullWhen(false)] out string? error)
    {
        var list = ValueReader.OfParams(rawParams);
        value = new SuggestDifficulty(list.NextDifficulty(Must));
        error = list.Finish();
        return error is null;
    }

    /// <summary>
    /// Reads the wish of any <see cref="MethodKind.SuggestDifficulty"/>: from the name
    /// (<c>mining.suggest_difficulty(42)</c>, an old draft) where it has one, else from the params. Never throws.
    /// </summary>
    /// <param name="method"><see cref="Message.Method"/>.</param>
    /// <param name="rawParams"><see cref="Message.Params"/>.</param>
    /// <param name="value">The wish.</param>
    /// <param name="error">What is wrong with the name or the params.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> method,
        ReadOnlySpan<byte> rawParams,
        out SuggestDifficulty value,
        [NotNullWhen(false)] out string? error)
    {
        int open = method.IndexOf((byte)'(');
        if (open < 0)
        {
            return TryRead(rawParams, out value, out error);
        }

        ReadOnlySpan<byte> digits = method[(open + 1)..].TrimEnd(")"u8);
        bool good = Difficulty.TryParse(digits, out Difficulty difficulty);
        value = good ? new SuggestDifficulty(difficulty) : default;
        error = good ? null : "The method's name must hold a difficulty above 0: mining.suggest_difficulty(42)";
        return good;
    }

    /// <summary>Writes the request.</summary>
    /// <param name="writer">Where the line goes.</param>
    /// <param name="id">Our number for the answer.</param>
    public void Write(IBufferWriter<byte> writer, long id)
    {
        MessageWriter.BeginRequest(writer, id, Methods.SuggestDifficulty);
        writer.Write("["u8);
        writer.PutNumber(Difficulty);
        writer.Write("]}\n"u8);
    }
}
