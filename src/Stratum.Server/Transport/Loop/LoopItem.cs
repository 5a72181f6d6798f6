namespace Stratum.Server;

/// <summary>
/// What an <see cref="EventLoop"/> serves. Whatever happens to it is a bit of its signals; who sets the first one owns
/// it and gives it a turn, so that no two threads ever serve it at once, and nothing that happens meanwhile is lost.
/// </summary>
internal abstract class LoopItem(EventLoop loop)
{
    protected const int Readable = 2;
    protected const int Writable = 4;
    protected const int HungUp = 8;

    private const int Owned = 1;

    // Born in the hands of who makes it, and given to the loop by its first Post.
    private int _signals = Owned;

    /// <summary>The next in the loop's list of the posted.</summary>
    public LoopItem? Next { get; set; }

    /// <summary>Its place with the loop.</summary>
    public ulong Token { get; set; }

    protected EventLoop Loop { get; } = loop;

    /// <summary>Takes note of what the kernel tells. True: the caller owns it now and gives it its turn.</summary>
    public bool Signal(uint events)
    {
        var signals = 0;
        if ((events & (Libc.EpollReadHup | Libc.EpollHup | Libc.EpollErr)) != 0)
            signals = HungUp | Readable | Writable;
        if ((events & Libc.EpollIn) != 0)
            signals |= Readable;
        if ((events & Libc.EpollOut) != 0)
            signals |= Writable;
        return Set(signals);
    }

    /// <summary>A second has passed, or the server begins to stop; called on the loop's thread, whoever owns it.</summary>
    public virtual void Tick()
    {
    }

    /// <summary>Does all that there is to do; called by its owner.</summary>
    public void Turn(LoopBuffers buffers, bool onLoop)
    {
        try
        {
            do
            {
                Note(Interlocked.Exchange(ref _signals, Owned));
                if (!Step(buffers, onLoop))
                    return;
            }
            while (Interlocked.CompareExchange(ref _signals, 0, Owned) != Owned);
        }
        catch (Exception error)
        {
            try
            {
                Fail(error);
            }
            catch (Exception)
            {
                // What tells of failures fails too, a log or a metric: nobody is left to be told, and the others go on.
            }
        }
    }

    /// <summary>Something happened, said by any thread: it gets a turn on its loop, or one more.</summary>
    protected void Raise(int signals)
    {
        if (Set(signals))
            Loop.Post(this);
    }

    protected abstract void Note(int signals);

    /// <summary>False: it belongs to another thread from here on, or to nobody any more.</summary>
    protected abstract bool Step(LoopBuffers buffers, bool onLoop);

    /// <summary>A mistake costs the one item, not the loop with all the others. What it throws is dropped, so it posts in
    /// a finally.</summary>
    protected abstract void Fail(Exception error);

    private bool Set(int signals) => (Interlocked.Or(ref _signals, signals | Owned) & Owned) == 0;
}
