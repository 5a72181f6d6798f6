using Stratum.Pool;

namespace Stratum.Cli;

/// <summary>Tells of a journal: for people or for programs.</summary>
internal interface IJournalPrinter
{
    /// <summary>All blocks, then the damage.</summary>
    void List(JournalContents contents);

    void Damage(JournalContents contents);

    /// <summary>What one daemon said to one block.</summary>
    void Answer(JournalEntry entry, string daemon, in SubmitAnswer answer);
}
