using System.Runtime.InteropServices;

namespace Stratum.Server;

/// <summary>
/// A moment on a loop, to the microsecond: the timeout of epoll_wait has milliseconds. Its turn comes when the moment
/// is there, and whenever somebody asks for one.
/// </summary>
internal sealed class LoopTimer : LoopItem
{
    private const int Asked = 16;
    private const int Ending = 32;

    private static readonly Trial s_trial = new(Probe);

    private readonly Action<LoopBuffers> _act;
    private readonly Action<Exception> _fail;
    private readonly int _timer;
    private bool _due;
    private bool _ending;

    private LoopTimer(EventLoop loop, int timer, Action<LoopBuffers> act, Action<Exception> fail)
        : base(loop)
    {
        _timer = timer;
        _act = act;
        _fail = fail;
        loop.Post(this);
    }

    /// <summary>Why there is none here; null when there is. Ask after <see cref="LoopProbe.Problem"/>.</summary>
    public static string? Problem => s_trial.Problem;

    /// <summary>Puts one on a loop that is not stopping.</summary>
    /// <exception cref="IOException">The system has no descriptor left for it.</exception>
    public static LoopTimer Start(EventLoop loop, Action<LoopBuffers> act, Action<Exception> fail)
    {
        var timer = Libc.TimerCreate(Libc.MonotonicClock, Libc.CloseOnExec | Libc.NonBlocking);
        if (timer < 0)
            throw new IOException($"timerfd_create failed: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        if (loop.TryEnter())
            return new LoopTimer(loop, timer, act, fail);
        _ = Libc.Close(timer);
        throw new InvalidOperationException("The loop is stopping.");
    }

    /// <summary>A turn soon; from any thread.</summary>
    public void Ask() => Raise(Asked);

    /// <summary>A turn after so long, instead of what was set before; not after <see cref="End"/>.</summary>
    public void Set(long nanoseconds) => Arm(_timer, nanoseconds);

    /// <summary>No turn any more; from any thread.</summary>
    public void End() => Raise(Ending);

    protected override void Note(int signals)
    {
        _due |= (signals & (Readable | Asked)) != 0;
        _ending |= (signals & Ending) != 0;
    }

    protected override bool Step(LoopBuffers buffers, bool onLoop)
    {
        if (_ending)
        {
            Loop.Remove(this, _timer);
            _ = Libc.Close(_timer);
            return false;
        }
        // On edges: setting it anew clears it, so nobody has to read it.
        if (Token == LoopSlots.None && !Loop.Add(this, _timer, Libc.EpollIn | Libc.EpollEdge))
            throw new IOException($"epoll_ctl failed: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        if (_due)
        {
            _due = false;
            _act(buffers);
        }
        return true;
    }

    protected override void Fail(Exception error)
    {
        _ending = true;
        try
        {
            _fail(error);
        }
        finally
        {
            Loop.Post(this);
        }
    }

    // 0 would turn it off.
    private static bool Arm(int timer, long nanoseconds)
    {
        var (seconds, rest) = Math.DivRem(Math.Max(1, nanoseconds), 1_000_000_000);
        return Libc.TimerSet(timer, 0, [0, 0, seconds, rest], 0) == 0;
    }

    // That it tells of a moment, and of the next one though nobody has read it.
    private static string? Probe()
    {
        var epoll = Libc.EpollCreate(Libc.CloseOnExec);
        var timer = Libc.TimerCreate(Libc.MonotonicClock, Libc.CloseOnExec | Libc.NonBlocking);
        try
        {
            Span<byte> change = stackalloc byte[16];
            EpollLayout.Current.Write(change, Libc.EpollIn | Libc.EpollEdge, 1);
            if (epoll < 0 || timer < 0 || Libc.EpollControl(epoll, Libc.EpollAdd, timer, change) != 0)
                return "timerfd_create failed here";
            Span<byte> events = stackalloc byte[16];
            for (var round = 0; round < 2; round++)
                if (!Arm(timer, 1000) || Libc.EpollWait(epoll, events, 1, 1000) != 1)
                    return "timerfd_settime does not do here what it must";
            return null;
        }
        catch (EntryPointNotFoundException error)
        {
            return error.Message;
        }
        finally
        {
            foreach (var file in (ReadOnlySpan<int>)[epoll, timer])
                if (file >= 0)
                    _ = Libc.Close(file);
        }
    }
}
