namespace Stratum.Pool;

/// <summary>A journal could not be opened, read or written. The text is a sentence for the operator: what happened and
/// what to change.</summary>
public sealed class JournalException : IOException
{
    /// <summary>A sentence, and what kind of problem it tells of.</summary>
    public JournalException(JournalProblem problem, string message, Exception? inner = null)
        : base(message, inner) => Problem = problem;

    /// <summary>What kind of problem.</summary>
    public JournalProblem Problem { get; }
}
