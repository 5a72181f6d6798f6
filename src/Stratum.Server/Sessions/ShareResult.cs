using Stratum.Mining;

namespace Stratum.Server;

/// <summary>
/// What a submit handler answers: a verdict, true or false, with words and a credit of your own if you like.
/// </summary>
public readonly record struct ShareResult
{
    /// <summary>The answer of a verdict.</summary>
    public ShareResult(ShareVerdict verdict) => Verdict = verdict;

    /// <summary>What the miner is told.</summary>
    public ShareVerdict Verdict { get; private init; }

    /// <summary>Code of your own for a refusal; null: the verdict's.</summary>
    public int? Code { get; private init; }

    /// <summary>Text of your own for a refusal; null: the verdict's.</summary>
    public string? Text { get; private init; }

    /// <summary>Third member of a refusal's error, as JSON; null: null.</summary>
    internal string? RawData { get; init; }

    /// <summary>Credit of your own; null: as judged.</summary>
    public Difficulty? Credit { get; init; }

    /// <summary>Whether the miner is answered <c>true</c>.</summary>
    public bool IsAccepted => Verdict == ShareVerdict.Accepted;

    /// <summary>A refusal with words of your own.</summary>
    /// <param name="code">20..25 are understood by miners.</param>
    /// <param name="text">Shown to the miner's owner.</param>
    public static ShareResult Reject(int code, string text) =>
        new() { Verdict = ShareVerdict.Unjudged, Code = code, Text = text };

    /// <summary>The answer of a verdict.</summary>
    public static implicit operator ShareResult(ShareVerdict verdict) => new(verdict);

    /// <summary>True: accepted; false: refused as <c>[20,"Share refused",null]</c>.</summary>
    public static implicit operator ShareResult(bool accepted) =>
        accepted ? new(ShareVerdict.Accepted) : Reject(20, "Share refused");
}
