using System.Buffers;

namespace Stratum.Mining;

/// <summary>The part of <see cref="TemplateCheck"/> that looks into the transactions.</summary>
internal static class TransactionCheck
{
    private const int CommitmentSize = 38;

    // OP_RETURN, a push of 36 bytes, and the four that mark a witness commitment (BIP 141).
    private static ReadOnlySpan<byte> CommitmentHead => [0x6a, 0x24, 0xaa, 0x21, 0xa9, 0xed];

    public static string? FindDuplicate(BlockTemplate template)
    {
        var transactions = template.Transactions;
        var seen = new Dictionary<Hash256, int>(transactions.Count);
        for (var i = 0; i < transactions.Count; i++)
            if (!seen.TryAdd(transactions[i].TxId, i))
                return $"transactions[{i}].txid is {transactions[i].TxId}, which transactions"
                    + $"[{seen[transactions[i].TxId]}] has too.";
        return null;
    }

    public static string? FindWrong(BlockTemplate template)
    {
        if (FindInHogEx(template) is { } misplaced)
            return misplaced;
        for (var i = 0; i < template.Transactions.Count; i++)
            if (FindInTransaction(template.Transactions[i], i, template.WitnessCommitment) is { } wrong)
                return wrong;
        return FindInCommitment(template);
    }

    // The extension block stands behind the last transaction and is committed to by it.
    private static string? FindInHogEx(BlockTemplate template)
    {
        var last = template.Transactions.Count - 1;
        for (var i = 0; i < last; i++)
            if (RawTransaction.IsHogEx(template.Transactions[i].Data.Span))
                return $"transactions[{i}] is the HogEx, but the last transaction, which it must be, is number {last}.";
        var hasHogEx = last >= 0 && RawTransaction.IsHogEx(template.Transactions[last].Data.Span);
        return (template.Mweb, hasHogEx) switch
        {
            ({ } mweb, false) =>
                $"mweb has {mweb.Length} bytes, but the last of {last + 1} transactions is not a HogEx.",
            (null, true) => $"transactions[{last}] is a HogEx, but mweb, which it commits to, is absent.",
            _ => null,
        };
    }

    private static string? FindInTransaction(TemplateTransaction one, int at, ReadOnlyMemory<byte>? commitment)
    {
        // What its ids are made of is Litecoin's own affair: they are taken from the template.
        if (RawTransaction.IsHogEx(one.Data.Span))
            return null;
        if (RawTransaction.Read(one.Data.Span, out var transaction) is { } unreadable)
            return $"transactions[{at}].data has {one.Data.Length} bytes and is no transaction: it {unreadable}.";
        var hash = transaction.Hash();
        if (hash != one.WitnessHash)
            return $"transactions[{at}].hash is {one.WitnessHash}, but its data hashes to {hash}.";
        var id = transaction.HasWitness ? transaction.Id() : hash;
        if (id != one.TxId)
            return $"transactions[{at}].txid is {one.TxId}, but its data without witness hashes to {id}.";
        return transaction.HasWitness && commitment is null
            ? $"default_witness_commitment is absent, but transactions[{at}] ({one.TxId}) has a witness."
            : null;
    }

    private static string? FindInCommitment(BlockTemplate template)
    {
        // One of another form is its node's affair.
        if (template.WitnessCommitment is not { Length: CommitmentSize } script
            || !script.Span.StartsWith(CommitmentHead))
            return null;
        var count = template.Transactions.Count + 1;
        var level = ArrayPool<Hash256>.Shared.Rent(count);
        // BIP 141: the coinbase's hash counts as zero, and so does here what its witness reserves.
        level[0] = Hash256.Zero;
        for (var i = 1; i < count; i++)
            level[i] = template.Transactions[i - 1].WitnessHash;
        var expected = Sha256d.HashPair(MerkleBranch.RootInPlace(level.AsSpan(0, count)), Hash256.Zero);
        ArrayPool<Hash256>.Shared.Return(level);
        var given = new Hash256(script.Span[CommitmentHead.Length..]);
        return given == expected ? null
            : $"default_witness_commitment commits to {Convert.ToHexStringLower(given.ToArray())}, but the hashes of "
                + $"the transactions give {Convert.ToHexStringLower(expected.ToArray())}.";
    }
}
