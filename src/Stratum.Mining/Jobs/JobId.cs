using System.Text;

namespace Stratum.Mining;

/// <summary>What a pool calls a job: ASCII, opaque to miners, compared byte for byte.</summary>
/// <param name="Value">The text as it stands in <c>mining.notify</c> and comes back in <c>mining.submit</c>.</param>
public readonly record struct JobId(string Value)
{
    /// <summary>Whether the bytes of a submitted job id are this one. Allocates nothing.</summary>
    public bool Matches(ReadOnlySpan<byte> utf8) => Value is not null && Ascii.Equals(utf8, Value);

    /// <inheritdoc/>
    public override string ToString() => Value ?? "";
}
