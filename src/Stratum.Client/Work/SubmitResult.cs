namespace Stratum.Client;

/// <summary>What the pool said to a share.</summary>
/// <param name="IsAccepted">Whether it counts.</param>
/// <param name="Code">0 when accepted; else the pool's code: 21 stale, 22 duplicate, 23 low difficulty, 20 where it
/// gave none.</param>
/// <param name="Text">The pool's words; empty when accepted.</param>
public readonly record struct SubmitResult(bool IsAccepted, int Code, string Text)
{
    /// <summary>A share that counts.</summary>
    public static SubmitResult Accepted => new(true, 0, "");

    /// <summary>Whether the job was unknown or too old: bad luck, not a fault.</summary>
    public bool IsStale => !IsAccepted && Code == 21;

    /// <summary>A share that does not count.</summary>
    public static SubmitResult Rejected(int code, string text) => new(false, code, text);

    /// <inheritdoc/>
    public override string ToString() => IsAccepted ? "accepted" : $"rejected: {Text} ({Code})";
}
