using System.Buffers.Text;
using Stratum.Client;
using Stratum.Protocol;

namespace Stratum.Simulation;

/// <summary>
/// Answers to shares differ in their id and in little else. Each that was read in full is kept as what stands before
/// and behind its id, and the next one like it is known by comparing bytes: whatever the server's order of members and
/// blanks. That costs a twentieth of reading JSON.
/// </summary>
internal sealed class AnswerBook
{
    // A kind with each text that a server has for it; when there are more, they are read.
    private const int MostForms = 16;
    private const int MostDigits = 9;
    private const int MostWords = 100;

    private readonly List<Form> _forms = [];
    private readonly Dictionary<AnswerKind, string> _words = [];

    /// <summary>The server's words for each kind of refusal, the first that it had.</summary>
    public IReadOnlyDictionary<AnswerKind, string> Words => _words;

    /// <summary>Recognises an answer like one that was learned.</summary>
    public bool TryRecognise(ReadOnlySpan<byte> line, out int id, out AnswerKind kind)
    {
        for (int i = 0; i < _forms.Count; i++)
        {
            Form form = _forms[i];
            int digits = line.Length - form.Before.Length - form.After.Length;
            if (digits is > 0 and <= MostDigits && line.StartsWith(form.Before) && line.EndsWith(form.After)
                && TryReadId(line.Slice(form.Before.Length, digits), out id))
            {
                kind = form.Kind;
                return true;
            }
        }

        id = 0;
        kind = default;
        return false;
    }

    /// <summary>Reads an answer in full and learns its form.</summary>
    /// <returns>False when its id is none of ours: ours are whole numbers of at most nine digits.</returns>
    public bool TryRead(ReadOnlySpan<byte> line, scoped in Message message, out int id, out AnswerKind kind)
    {
        _ = Answers.Share(message, out SubmitResult result);
        kind = KindOf(result);
        if (!result.IsAccepted)
        {
            _words.TryAdd(kind, result.Text.Length > MostWords ? $"{result.Text[..MostWords]}... ({result.Code})" : $"{result.Text} ({result.Code})");
        }

        // Some echo the number in quotes.
        ReadOnlySpan<byte> digits = message.Id.Trim((byte)'"');
        if (digits.Length > MostDigits || !TryReadId(digits, out id))
        {
            id = 0;
            return false;
        }

        if (_forms.Count < MostForms && line.Overlaps(digits, out int at))
        {
            _forms.Add(new Form(line[..at].ToArray(), line[(at + digits.Length)..].ToArray(), kind));
        }

        return true;
    }

    private static AnswerKind KindOf(SubmitResult result) => result switch
    {
        { IsAccepted: true } => AnswerKind.Accepted,
        { Code: 21 } => AnswerKind.Stale,
        { Code: 22 } => AnswerKind.Duplicate,
        { Code: 23 } => AnswerKind.LowDifficulty,
        _ => AnswerKind.OtherRefused,
    };

    // Any other number, with a sign or a leading zero, is not what was sent.
    private static bool TryReadId(ReadOnlySpan<byte> digits, out int id)
    {
        id = 0;
        return !digits.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && Utf8Parser.TryParse(digits, out id, out int read) && read == digits.Length;
    }

    private readonly record struct Form(byte[] Before, byte[] After, AnswerKind Kind);
}
