using Microsoft.Win32.SafeHandles;
using Stratum.Mining;

namespace Stratum.Pool;

/// <summary>
/// A file that every found block is written to before it is submitted, and then what became of it. A record is one
/// write at the end of the file, so it survives a killed process as soon as that returned; the disk is made to keep it
/// beside that. A disk that is full, slow or hangs delays nobody but those who wait for a record, and
/// <see cref="Troubled"/> tells of it. Everything may be called from any thread.
/// </summary>
public sealed class BlockJournal : IDisposable
{
    private readonly JournalQueue _queue;
    private readonly PoolLog _log;

    private BlockJournal(string file, JournalOpened opened, BlockJournalOptions options, Func<SafeFileHandle, IJournalDisk> disk)
    {
        File = file;
        Damage = opened.Scan.Damage;
        _log = new PoolLog(options.LoggerFactory, "Stratum.Pool.Journal");
        _log.JournalOpened(file, opened.Scan.Entries.Count, opened.Scan.Entries.Count(entry => entry.IsOpen));
        foreach (var damage in Damage)
            _log.JournalDamaged(file, damage.Offset, damage.Length, damage.Text);
        _queue = new JournalQueue(file, opened, disk, options, Tell);
    }

    /// <summary>Raised when the disk became slow, refused a write or a flush, or is well again: once for each, one
    /// after the other, on the thread pool.</summary>
    public event Action<JournalTrouble>? Troubled;

    /// <summary>The file's name, as it was given.</summary>
    public string File { get; }

    /// <summary>What was skipped when it was opened.</summary>
    public IReadOnlyList<JournalDamage> Damage { get; }

    /// <summary>All blocks that are in the file, in the order in which they were written; a copy.</summary>
    public IReadOnlyList<JournalEntry> Entries => _queue.Entries;

    /// <summary>Opens a journal, or makes one that only this user may read, in a folder likewise made if there is none.
    /// Damage is skipped and left as it is; what is written goes behind all that is there.</summary>
    /// <param name="file">The file. Beside it <c>FILE.lock</c> keeps a second writer away.</param>
    /// <param name="options">Default: <see cref="BlockJournalOptions"/> as they are.</param>
    /// <exception cref="JournalException">Locked by another, from a newer version, no journal, no right to it, disk
    /// full.</exception>
    public static BlockJournal Open(string file, BlockJournalOptions? options = null) =>
        Open(file, options, static handle => new JournalDisk(handle));

    internal static BlockJournal Open(string file, BlockJournalOptions? options, Func<SafeFileHandle, IJournalDisk> disk)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        return new BlockJournal(file, JournalOpened.Open(file), options ?? new BlockJournalOptions(), disk);
    }

    /// <summary>Reads a journal without a lock, also while a pool has it open. A record that is being written just now
    /// may be missing and counted as damage at the end.</summary>
    /// <exception cref="JournalException">There is none, it is no journal or a newer version's, or may not be read.
    /// </exception>
    public static JournalContents Read(string file)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        return JournalErrors.Reading(file, () =>
        {
            var there = new FileInfo(JournalFiles.Resolve(file));
            if (JournalFiles.IsSpecial(there.FullName))
                throw JournalErrors.NotAFile(file);
            // Nothing in it, or a pipe, which would wait for a writer.
            if (there is { Exists: true, Length: 0 } && !there.Attributes.HasFlag(FileAttributes.Directory))
                return new JournalContents(file, JournalFormat.Version, [], []);
            using var handle = JournalFiles.OpenForReading(file);
            var scan = JournalScan.Read(handle, file);
            return new JournalContents(file, JournalFormat.Version, scan.Entries, scan.Damage);
        });
    }

    /// <summary>The bytes of a block as <c>submitblock</c> takes them, read from the file and checked again.</summary>
    /// <exception cref="JournalException">The file cannot be read, the bytes are not what was written, or the journal is
    /// closed.</exception>
    public ReadOnlyMemory<byte> ReadBlock(JournalEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return _queue.ReadBlock(entry);
    }

    /// <summary>Writes a block behind all that was given before. Never blocks. A block whose hash is in the file, or on
    /// its way there, is not written again.</summary>
    /// <returns>Done when its write returned. Failed with a <see cref="JournalException"/> when that failed, when too
    /// much waits already, or when the journal is closed; then the block may be given again.</returns>
    /// <exception cref="ArgumentException">Fewer than 80 bytes or more than 64 MiB.</exception>
    public Task AddAsync(JournalBlock block)
    {
        ArgumentNullException.ThrowIfNull(block);
        if (block.Bytes.Length is < JournalFormat.MinBlockSize or > JournalFormat.MaxBlockSize)
            throw new ArgumentException(
                $"A block has {JournalFormat.MinBlockSize} bytes to {JournalFormat.MaxBlockSize >> 20} MiB, not {block.Bytes.Length} bytes.",
                nameof(block));
        return _queue.AddAsync(new BlockWork(block));
    }

    /// <summary>Writes what became of a block, behind all that was given before. Never blocks.</summary>
    /// <param name="block">A block that was given to <see cref="AddAsync"/>.</param>
    /// <param name="state">How it is now.</param>
    /// <param name="isOpen">Whether it must still be submitted again; <see cref="BlockState.Deep"/>
    /// closes it whatever this says.</param>
    /// <param name="daemon">Who says so. Cut after 1000 characters, as the next one is.</param>
    /// <param name="reason">The daemon's own word.</param>
    /// <param name="confirmations">Blocks on it, itself included.</param>
    /// <returns>As <see cref="AddAsync"/>; also failed when the block's own record was not written.</returns>
    public Task RecordAsync(Hash256 block, BlockState state, bool isOpen, string? daemon, string? reason, int confirmations)
    {
        var line = new StateLine(block.ToString(), JournalText.Name(state), isOpen, confirmations, DateTimeOffset.UtcNow,
            JournalText.Cut(daemon), JournalText.Cut(reason));
        return _queue.AddAsync(new StateWork(block, state, line));
    }

    /// <summary>Writes and flushes what waits, for up to <see cref="BlockJournalOptions.StopTimeout"/>, then fails what
    /// is left. The lock goes when the last write has returned.</summary>
    public void Dispose() => _queue.Dispose();

    private void Tell(JournalTrouble trouble)
    {
        if (trouble.Kind == JournalTroubleKind.Well)
            _log.JournalWell(trouble.Text);
        else
            _log.JournalTroubled(trouble.Text);
        foreach (var handler in Delegate.EnumerateInvocationList(Troubled))
        {
            try
            {
                handler(trouble);
            }
            catch (Exception error)
            {
                _log.JournalHandlerFailed(error);
            }
        }
    }
}
