using Stratum.Mining;

namespace Stratum.Daemon;

/// <summary>Whether two templates ask for the same work; the clock alone makes no new one.</summary>
internal static class TemplateComparison
{
    public static bool IsSameWork(BlockTemplate a, BlockTemplate b)
    {
        if (a.PreviousBlock != b.PreviousBlock || a.Height != b.Height || a.Version != b.Version || a.Bits != b.Bits
            || a.CoinbaseValue != b.CoinbaseValue || a.Transactions.Count != b.Transactions.Count)
        {
            return false;
        }

        for (int i = 0; i < a.Transactions.Count; i++)
        {
            if (a.Transactions[i].TxId != b.Transactions[i].TxId)
            {
                return false;
            }
        }

        return true;
    }
}
