namespace Stratum.Pool;

/// <summary>What a journal held when it was read.</summary>
public sealed record JournalContents
{
    internal JournalContents(string file, int version, IReadOnlyList<JournalEntry> entries, IReadOnlyList<JournalDamage> damage) =>
        (File, Version, Entries, Damage) = (file, version, entries, damage);

    /// <summary>The file's name, as it was given.</summary>
    public string File { get; }

    /// <summary>The version of its format.</summary>
    public int Version { get; }

    /// <summary>Its blocks, in the order in which they were written, with the last that is known of each.</summary>
    public IReadOnlyList<JournalEntry> Entries { get; }

    /// <summary>What was skipped, in the order of the file.</summary>
    public IReadOnlyList<JournalDamage> Damage { get; }

    /// <summary>The bytes of a block as <c>submitblock</c> takes them, read from the file and checked again.</summary>
    /// <exception cref="JournalException">The file cannot be read, or the bytes are not what was written.</exception>
    public ReadOnlyMemory<byte> ReadBlock(JournalEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return JournalErrors.Reading(File, () =>
        {
            using var handle = JournalFiles.OpenForReading(File);
            return JournalEntries.ReadBlock(handle, File, entry);
        });
    }
}
