namespace Stratum.Pool;

/// <summary>Why a journal could not do what it was asked.</summary>
public enum JournalProblem
{
    /// <summary>There is no such file.</summary>
    Missing,

    /// <summary>Another process, or another part of this one, writes it.</summary>
    Locked,

    /// <summary>A newer program wrote it.</summary>
    NewerVersion,

    /// <summary>The file is something else.</summary>
    NotAJournal,

    /// <summary>It may not be read or written: permissions, a read-only file system, a folder of that name.</summary>
    NotAllowed,

    /// <summary>The disk refused: full, an I/O error.</summary>
    Failed,

    /// <summary>Too much waits to be written already.</summary>
    Behind,

    /// <summary>It was closed before the record was written.</summary>
    Closed,

    /// <summary>The block is not in the file, or its bytes are damaged.</summary>
    NoBlock,
}
