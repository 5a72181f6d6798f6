namespace Stratum.Pool;

/// <summary>A part of a journal that was skipped, because no record with a valid checksum begins there.</summary>
/// <param name="Offset">Its first byte.</param>
/// <param name="Length">Bytes up to the next good record, or to the end of the file. 0: a good record that makes no
/// sense alone.</param>
/// <param name="Text">What is wrong, for people.</param>
public sealed record JournalDamage(long Offset, long Length, string Text);
