namespace Stratum.Testing;

/// <summary>Measures what code allocates while other tests run beside it.</summary>
public static class Allocated
{
    private const int Batches = 10;

    /// <summary>
    /// The bytes that a batch allocated on this thread, in the best of some: the first compiles, and a collection that
    /// another test causes now and then leaves a piece of the thread's buffer in its sum. What allocates does so in each.
    /// </summary>
    public static long Least(Action batch)
    {
        var least = long.MaxValue;
        for (var i = 0; i < Batches; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            batch();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
