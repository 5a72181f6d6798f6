namespace Stratum.Mining.Tests;

public class MerkleBranchTests
{
    [Fact]
    public void Root_EveryNumberOfTransactions_IsThatOfTheWholeTree()
    {
        for (var count = 0; count <= 70; count++)
        {
            var leaves = Enumerable.Range(1, count + 1).Select(i => Hash256.Parse($"{i * 7919:x64}")).ToArray();
            var expected = WholeTree(leaves);
            var branch = MerkleBranch.ForCoinbase(leaves.AsSpan(1));
            Assert.Equal(expected, MerkleBranch.Root(leaves[0], branch));
            Assert.Equal(expected, MerkleBranch.RootOf(leaves));
            Assert.Equal((int)Math.Ceiling(Math.Log2(count + 1)), branch.Length);
        }
    }

    [Fact]
    public void ForCoinbase_NoTransactions_IsEmptyAndTheRootIsTheCoinbase()
    {
        var coinbase = Hash256.Parse("4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b");
        Assert.Empty(MerkleBranch.ForCoinbase([]));
        Assert.Equal(coinbase, MerkleBranch.Root(coinbase, []));
    }

    [Fact]
    public void RootOf_Nothing_Throws() => Assert.Throws<ArgumentException>(() => MerkleBranch.RootOf([]));

    private static Hash256 WholeTree(Hash256[] level)
    {
        while (level.Length > 1)
        {
            var padded = level.Length % 2 == 0 ? level : [.. level, level[^1]];
            level = [.. padded.Chunk(2).Select(pair => Sha256d.Hash([.. pair[0].ToArray(), .. pair[1].ToArray()]))];
        }
        return level[0];
    }
}
