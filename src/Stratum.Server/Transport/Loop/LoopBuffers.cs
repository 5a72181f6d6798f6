namespace Stratum.Server;

/// <summary>
/// What one thread receives into and sends from, whichever connection it serves: nothing of it is kept from one turn
/// to the next.
/// </summary>
internal sealed class LoopBuffers(int inputSize)
{
    [ThreadStatic]
    private static LoopBuffers? t_ofThread;

    /// <summary>Those of a thread of the pool; small, for there are many.</summary>
    public static LoopBuffers OfThread => t_ofThread ??= new LoopBuffers(16 * 1024);

    // Pinned once, so that no call has to.
    public byte[] Input { get; } = GC.AllocateUninitializedArray<byte>(inputSize, pinned: true);

    public LoopOutput Output { get; } = new();
}
