namespace Stratum.Pool;

/// <summary>Sentences for the operator: what happened, what to change.</summary>
internal static class JournalErrors
{
    // errno of Linux and macOS, which .NET leaves in HResult; Windows has codes of its own.
    private const int IoError = 5;
    private const int NoSpace = 28;
    private const int ReadOnlyFileSystem = 30;
    private const int QuotaExceeded = 122;
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    public static JournalException NewerVersion(string file, long version) => new(JournalProblem.NewerVersion,
        $"The journal {file} has version {version}, and this program writes version {JournalFormat.Version}: use the newer program, "
        + "or give this one a new file with --journal FILE. Nothing was written to it.");

    public static JournalException NotAJournal(string file) => new(JournalProblem.NotAJournal,
        $"{file} is not a journal of blocks: its first line should begin with '{JournalFormat.Magic}{JournalFormat.Version}'. "
        + "Give another file with --journal FILE. Nothing was written to it.");

    public static JournalException NotAFile(string file) => new(JournalProblem.NotAJournal,
        $"{file} is no file that keeps what is written to it (a pipe or a device): give a file with --journal FILE.");

    public static JournalException Locked(string file, int? holder) => new(JournalProblem.Locked,
        $"The journal {file} is in use by {Who(holder)}: end that one, or give this one a file of its own with --journal FILE.");

    public static JournalException NoBlock(string file, JournalEntry entry) => new(JournalProblem.NoBlock,
        $"The bytes of block {entry.Hash} are not in the journal {file} any more as they were written: it was changed or its disk is damaged.");

    public static JournalException Unknown(string file, Mining.Hash256 block) => new(JournalProblem.NoBlock,
        $"Block {block} is not in the journal {file}, so nothing can be recorded about it: its own record was not written.");

    public static JournalException Behind(string file, int records, long bytes) => new(JournalProblem.Behind,
        $"The journal {file} takes no more: {records} records with {bytes >> 20} MiB wait for its disk already. Look after the disk.");

    public static JournalException Closed(string file) => new(JournalProblem.Closed,
        $"The journal {file} was closed before this was done.");

    /// <summary>What opening or reading a file failed with.</summary>
    public static JournalException Opening(string file, Exception error) => error switch
    {
        JournalException journal => journal,
        FileNotFoundException or DirectoryNotFoundException => new(JournalProblem.Missing,
            $"There is no journal {file}: check the name.", error),
        UnauthorizedAccessException when Directory.Exists(file) => new(JournalProblem.NotAllowed,
            $"{file} is a folder, and the journal is a file: name one in it, {Path.Combine(file, "blocks.journal")}.", error),
        UnauthorizedAccessException => new(JournalProblem.NotAllowed,
            $"The journal {file} may not be opened by {Environment.UserName}: give that user the rights to it and its folder, "
            + "or name another file with --journal FILE.", error),
        _ => new(error.HResult == ReadOnlyFileSystem ? JournalProblem.NotAllowed : JournalProblem.Failed,
            $"The journal {file} cannot be opened: {Cause(error)}.", error),
    };

    /// <summary>What writing a record failed with.</summary>
    public static JournalException Writing(string file, Exception error) => new(
        error.HResult == ReadOnlyFileSystem ? JournalProblem.NotAllowed : JournalProblem.Failed,
        $"The journal {file} cannot be written: {Cause(error)}. Blocks are submitted all the same, but one that no daemon has taken "
        + "is lost if this program ends.", error);

    public static string Flushing(string file, Exception error) =>
        $"The journal {file} is written, but its disk could not be made to keep it: {Cause(error)}. A loss of power may lose blocks "
        + "that no daemon has taken.";

    public static string Slow(string file, TimeSpan after) =>
        $"The journal {file} is slow: a write has been under way for more than {after.TotalSeconds:0.###} s. Look after its disk. "
        + "Blocks are submitted all the same, but one that no daemon has taken is lost if this program ends.";

    public static string FlushSlow(string file, TimeSpan after) =>
        $"The journal {file} is written, but its disk has not kept it for more than {after.TotalSeconds:0.###} s. Look after its disk: "
        + "a loss of power may lose blocks that no daemon has taken.";

    public static string Lost(string file) =>
        $"The journal {file} was removed, replaced or cut by another program while it was in use. It is written anew with the blocks that "
        + "are not safe yet; the rest of it is gone. Leave a journal alone while a pool runs.";

    public static string Well(string file) => $"The journal {file} is written again.";

    public static T Reading<T>(string file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is IOException and not JournalException or UnauthorizedAccessException)
        {
            throw Opening(file, error);
        }
    }

    private static string Who(int? holder) => holder switch
    {
        null => "another process",
        { } id when id == Environment.ProcessId => $"this process itself (pid {id})",
        { } id => $"process {id}",
    };

    private static string Cause(Exception error) => error.HResult switch
    {
        NoSpace or WindowsDiskFull or WindowsHandleDiskFull => "the disk is full, make space",
        QuotaExceeded => "the user's quota is used up, make space",
        ReadOnlyFileSystem => "its file system is read-only, mount it writable or name a file elsewhere with --journal FILE",
        IoError => "the disk reports an I/O error, check it",
        _ => error.Message.ReplaceLineEndings(" ").TrimEnd('.'),
    };
}
