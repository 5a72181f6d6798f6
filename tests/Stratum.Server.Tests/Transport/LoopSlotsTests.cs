namespace Stratum.Server.Tests;

public sealed class LoopSlotsTests
{
    [Fact]
    public void Find_TokenOfOneThatLeft_NeverItsSuccessor()
    {
        var slots = new LoopSlots();
        var seen = new HashSet<ulong> { LoopSlots.None, ulong.MaxValue };
        var (before, item) = (LoopSlots.None, new Item());
        for (var i = 0; i < 1000; i++)
        {
            var token = slots.Take(item);
            Assert.True(seen.Add(token));
            Assert.Same(item, slots.Find(token));
            Assert.Null(slots.Find(before));
            slots.Free(token);
            Assert.Null(slots.Find(token));
            before = token;
        }
    }

    [Fact]
    public void Find_ManyAtATime_EachItsOwn()
    {
        var slots = new LoopSlots();
        var all = Enumerable.Range(0, 1000).Select(_ => new Item()).Select(item => (Item: item, Token: slots.Take(item))).ToList();
        Assert.All(all, one => Assert.Same(one.Item, slots.Find(one.Token)));
        Assert.Null(slots.Find(LoopSlots.None));
        Assert.Null(slots.Find(ulong.MaxValue));
    }

    private sealed class Item() : LoopItem(null!)
    {
        protected override void Note(int signals)
        {
        }

        protected override bool Step(LoopBuffers buffers, bool onLoop) => true;

        protected override void Fail(Exception error)
        {
        }
    }
}
