using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace Stratum.Protocol;

/// <summary>
/// <c>{"id":1,"result":{"version-rolling":true,"version-rolling.mask":"1fffe000"},"error":null}</c>: an answer for
/// each extension that was asked for, and for no other.
/// </summary>
public sealed record ConfigureResult
{
    /// <summary>The answers in the order of the request.</summary>
    public IReadOnlyList<ConfigureAnswer> Answers { get; init; } = [];

    /// <summary>
    /// <c>version-rolling.mask</c>: the bits that the miner may roll, server's and client's; written only when
    /// version-rolling is accepted.
    /// </summary>
    public uint? VersionRollingMask { get; init; }

    /// <summary>Members that are neither: full name, value as raw JSON.</summary>
    public IReadOnlyDictionary<string, string> Others { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether an extension was accepted.</summary>
    public bool Accepts(string extension) => Answers.Any(answer => answer.Extension == extension && answer.Accepted);

    /// <summary>
    /// Reads the result: true, false or a reason for names without a dot; anything else is kept in
    /// <see cref="Others"/>. Never throws.
    /// </summary>
    /// <param name="rawResult"><see cref="Message.Result"/>.</param>
    /// <param name="value">The answer.</param>
    /// <param name="error">What is wrong with the result.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> rawResult,
        [NotNullWhen(true)] out ConfigureResult? value,
        [NotNullWhen(false)] out string? error)
    {
        var answers = new List<ConfigureAnswer>();
        var others = new Dictionary<string, string>();
        uint? mask = null;
        var members = ValueReader.OfObject(rawResult, "The result must be an object");
        while (members.NextMember(out ReadOnlySpan<byte> utf8Name))
        {
            string name = Encoding.UTF8.GetString(utf8Name);
            if (name == "version-rolling.mask")
            {
                mask = members.Hex("version-rolling.mask must be 1 to 8 hex digits");
            }
            else if (!name.Contains('.', StringComparison.Ordinal) && IsAnswer(members.Type))
            {
                answers.RemoveAll(earlier => earlier.Extension == name);
                string? reason = members.Type == JsonTokenType.String ? members.String("A reason must be text") : null;
                answers.Add(new ConfigureAnswer(name, members.Type == JsonTokenType.True, reason));
            }
            else
            {
                others[name] = Encoding.UTF8.GetString(members.Raw());
            }
        }

        error = members.Finish();
        value = error is not null
            ? null
            : new ConfigureResult { Answers = answers, VersionRollingMask = mask, Others = others };
        return value is not null;
    }

    /// <summary>Writes the answer.</summary>
    /// <param name="writer">Where the line goes.</param>
    /// <param name="id">The request's id, raw.</param>
    public void Write(IBufferWriter<byte> writer, ReadOnlySpan<byte> id)
    {
        MessageWriter.BeginResult(writer, id);
        writer.Write("{"u8);
        var members = new MemberWriter(writer);
        foreach (ConfigureAnswer answer in Answers)
        {
            if (answer.Accepted || answer.Reason is null)
            {
                members.Name(answer.Extension).Write(answer.Accepted ? "true"u8 : "false"u8);
            }
            else
            {
                members.Name(answer.Extension).PutText(answer.Reason);
            }

            if (answer is { Accepted: true, Extension: ConfigureRequest.VersionRolling }
                && VersionRollingMask is { } mask)
            {
                members.Name("version-rolling.mask").PutHex(mask);
            }
        }

        foreach ((string name, string raw) in Others)
        {
            members.Raw(name, raw);
        }

        writer.Write("}"u8);
        MessageWriter.EndResult(writer);
    }

    /// <inheritdoc/>
    public bool Equals(ConfigureResult? other) =>
        other is not null && Answers.SequenceEqual(other.Answers) && VersionRollingMask == other.VersionRollingMask
        && Others.Count == other.Others.Count && !Others.Except(other.Others).Any();

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Answers.Count, VersionRollingMask, Others.Count);

    private static bool IsAnswer(JsonTokenType type) =>
        type is JsonTokenType.True or JsonTokenType.False or JsonTokenType.String;
}
