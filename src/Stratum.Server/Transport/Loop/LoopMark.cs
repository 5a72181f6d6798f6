using Microsoft.Win32.SafeHandles;

namespace Stratum.Server;

/// <summary>
/// Waits for its turn as a socket that has become readable does, behind those that have become so before: how late it is,
/// they are.
/// </summary>
internal sealed class LoopMark : LoopItem
{
    private const int Ending = 16;

    private readonly Action _act;
    private readonly Action<Exception> _fail;
    private readonly SafeFileHandle _file = new(Libc.EventCreate(0, Libc.CloseOnExec), ownsHandle: true);
    private volatile bool _listens;
    private bool _due;
    private bool _ending;

    private LoopMark(EventLoop loop, Action act, Action<Exception> fail)
        : base(loop)
    {
        _act = act;
        _fail = fail;
        loop.Post(this);
    }

    /// <summary>Puts one on a loop; null when that is stopping.</summary>
    public static LoopMark? TryStart(EventLoop loop, Action act, Action<Exception> fail) =>
        loop.TryEnter() ? new LoopMark(loop, act, fail) : null;

    /// <summary>A turn, in which it acts; from any thread.</summary>
    public void Ask()
    {
        // Where the system had no descriptor for it, its place is before the sockets.
        if (!_listens)
        {
            Raise(Readable);
            return;
        }
        try
        {
            Libc.EventWrite(_file, 1, sizeof(ulong));
        }
        catch (ObjectDisposedException)
        {
            // It has ended meanwhile.
        }
    }

    /// <summary>No turn any more; from any thread.</summary>
    public void End() => Raise(Ending);

    protected override void Note(int signals)
    {
        _due |= (signals & Readable) != 0;
        _ending |= (signals & Ending) != 0;
    }

    protected override bool Step(LoopBuffers buffers, bool onLoop)
    {
        if (_ending)
        {
            _listens = false;
            Loop.Remove(this, (int)_file.DangerousGetHandle());
            _file.Dispose();
            return false;
        }
        // On edges: each write tells, and nobody has to read the counter back to 0.
        if (!_listens && !_file.IsInvalid)
            _listens = Loop.Add(this, (int)_file.DangerousGetHandle(), Libc.EpollIn | Libc.EpollEdge);
        if (_due)
        {
            _due = false;
            _act();
        }
        return true;
    }

    protected override void Fail(Exception error)
    {
        try
        {
            _fail(error);
        }
        finally
        {
            Loop.Post(this);
        }
    }
}
