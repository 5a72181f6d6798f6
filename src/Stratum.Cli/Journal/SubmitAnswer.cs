namespace Stratum.Cli;

/// <summary>What a daemon said to a block that was sent again.</summary>
/// <param name="Daemon">Host and port.</param>
/// <param name="Word">Its word for it; null: accepted, or no answer.</param>
/// <param name="Error">Why there is no answer to the block; null when there is one.</param>
internal sealed record SubmitAnswer(string Daemon, string? Word, string? Error)
{
    public bool IsDelivered => Error is null;

    /// <summary>For people.</summary>
    public string Text => this switch
    {
        { Error: { } error } => $"not delivered: {error}",
        { Word: null } => "accepted",
        { Word: "duplicate" } => "duplicate: it has the block already",
        { Word: "inconclusive" } => "inconclusive: valid, but not on its best chain",
        { Word: { } word } => $"refused: {word}",
    };
}
