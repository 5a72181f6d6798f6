namespace Stratum.Mining;

/// <summary>The siblings of the coinbase on its way up the merkle tree; nothing is ever reversed.</summary>
public static class MerkleBranch
{
    /// <summary>The branch of the coinbase, from the leaves up; empty when there is no other transaction.</summary>
    /// <param name="transactions">The ids of the other transactions in the order of the block.</param>
    public static Hash256[] ForCoinbase(ReadOnlySpan<Hash256> transactions)
    {
        var branch = new List<Hash256>();
        // The level without its left-most node, which is the coinbase's side.
        var level = transactions.ToArray();
        while (level.Length > 0)
        {
            branch.Add(level[0]);
            var next = new Hash256[level.Length / 2];
            for (var i = 0; i < next.Length; i++)
            {
                var left = level[1 + 2 * i];
                // An odd level repeats its last node.
                var right = 2 + 2 * i < level.Length ? level[2 + 2 * i] : left;
                next[i] = Sha256d.HashPair(left, right);
            }
            level = next;
        }
        return [.. branch];
    }

    /// <summary>The merkle root: the coinbase's hash combined with its branch. Allocates nothing.</summary>
    public static Hash256 Root(in Hash256 coinbase, ReadOnlySpan<Hash256> branch)
    {
        Span<byte> pair = stackalloc byte[64];
        coinbase.CopyTo(pair);
        foreach (ref readonly var sibling in branch)
        {
            sibling.CopyTo(pair[32..]);
            Sha256d.HashPair(pair);
        }
        return new Hash256(pair[..32]);
    }

    /// <summary>The merkle root of all transactions, the coinbase first.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static Hash256 RootOf(ReadOnlySpan<Hash256> transactions)
    {
        if (transactions.IsEmpty)
            throw new ArgumentException("A block has at least its coinbase.", nameof(transactions));
        return Root(transactions[0], ForCoinbase(transactions[1..]));
    }

    /// <summary>The merkle root of at least one leaf, which are overwritten. Allocates nothing.</summary>
    internal static Hash256 RootInPlace(Span<Hash256> level)
    {
        while (level.Length > 1)
        {
            var above = (level.Length + 1) / 2;
            for (var i = 0; i < above; i++)
                level[i] = Sha256d.HashPair(level[2 * i], level[Math.Min(2 * i + 1, level.Length - 1)]);
            level = level[..above];
        }
        return level[0];
    }
}
