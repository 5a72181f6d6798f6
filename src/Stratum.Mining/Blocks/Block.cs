namespace Stratum.Mining;

/// <summary>Serialises blocks of Bitcoin and the coins that kept its form.</summary>
public static class Block
{
    /// <summary>
    /// The whole block: header, number of transactions, coinbase, the template's transactions in order and, where the
    /// template has one, the byte 01 and the MWEB extension block.
    /// </summary>
    /// <param name="header">80 bytes.</param>
    /// <param name="coinbase">With its witness where there is a commitment.</param>
    /// <param name="template">Its other transactions.</param>
    public static byte[] Assemble(ReadOnlySpan<byte> header, ReadOnlySpan<byte> coinbase, BlockTemplate template)
    {
        ArgumentNullException.ThrowIfNull(template);
        if (header.Length != BlockHeader.Size)
            throw new ArgumentException($"A block header has 80 bytes, not {header.Length}.", nameof(header));
        Span<byte> count = stackalloc byte[CompactSize.MaxLength];
        count = count[..CompactSize.Write(count, (ulong)template.Transactions.Count + 1)];
        var size = header.Length + count.Length + coinbase.Length;
        foreach (var transaction in template.Transactions)
            size += transaction.Data.Length;
        if (template.Mweb is { } extension)
            size += 1 + extension.Length;

        var block = new byte[size];
        var rest = block.AsSpan();
        Append(ref rest, header);
        Append(ref rest, count);
        Append(ref rest, coinbase);
        foreach (var transaction in template.Transactions)
            Append(ref rest, transaction.Data.Span);
        if (template.Mweb is { } mweb)
        {
            Append(ref rest, [0x01]);
            Append(ref rest, mweb.Span);
        }
        return block;
    }

    private static void Append(ref Span<byte> rest, scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(rest);
        rest = rest[bytes.Length..];
    }
}
