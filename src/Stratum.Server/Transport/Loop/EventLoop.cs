using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Stratum.Server;

/// <summary>
/// One thread that waits for many sockets (epoll, edge-triggered) and gives each that has something its turn. Other
/// threads reach it by <see cref="Post"/> alone.
/// </summary>
internal sealed class EventLoop
{
    private const int MostEvents = 256;
    private const ulong WakeUp = ulong.MaxValue;

    // Beyond this a connection that has still more lets the others go first.
    private const int InputSize = 64 * 1024;

    [ThreadStatic]
    private static EventLoop? t_current;

    private readonly EpollLayout _layout = EpollLayout.Current;
    private readonly LoopBuffers _buffers = new(InputSize);
    private readonly LoopSlots _slots = new();
    private readonly byte[] _events;
    private readonly int _epoll;
    private readonly SafeFileHandle _wake;
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LoopItem? _posted;
    private int _asleep;
    private int _ticking;
    private int _count;
    private bool _stopping;

    private EventLoop(int epoll, SafeFileHandle wake, int number)
    {
        _epoll = epoll;
        _wake = wake;
        _events = GC.AllocateUninitializedArray<byte>(MostEvents * _layout.Size, pinned: true);
        new Thread(Run) { IsBackground = true, Name = $"stratum loop {number}" }.Start();
    }

    /// <summary>The loop whose thread this is; null on all others.</summary>
    public static EventLoop? Current => t_current;

    /// <summary>What it carries.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Ends when the thread and the descriptors are gone.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Starts one.</summary>
    /// <exception cref="IOException">The system has no descriptor left for it.</exception>
    public static EventLoop Start(int number)
    {
        var epoll = Libc.EpollCreate(Libc.CloseOnExec);
        if (epoll < 0)
            throw Failure("epoll_create1");
        var wake = new SafeFileHandle(Libc.EventCreate(0, Libc.CloseOnExec), ownsHandle: true);
        Span<byte> change = stackalloc byte[16];
        // On edges: each write wakes, and nobody has to read the counter back to 0.
        EpollLayout.Current.Write(change, Libc.EpollIn | Libc.EpollEdge, WakeUp);
        if (!wake.IsInvalid && Libc.EpollControl(epoll, Libc.EpollAdd, (int)wake.DangerousGetHandle(), change) == 0)
            return new EventLoop(epoll, wake, number);
        var error = Failure("eventfd");
        wake.Dispose();
        _ = Libc.Close(epoll);
        throw error;
    }

    /// <summary>Counts a connection in, whose <see cref="Remove"/> counts it out; false when the loop is stopping.</summary>
    public bool TryEnter()
    {
        lock (_gate)
        {
            if (!_stopping)
                _count++;
            return !_stopping;
        }
    }

    /// <summary>Takes no more connections and ends when the last has left.</summary>
    public void Stop()
    {
        lock (_gate)
            _stopping = true;
        Wake();
    }

    /// <summary>Hands over what the caller owns; its turn comes on the loop's thread.</summary>
    public void Post(LoopItem item)
    {
        var first = Volatile.Read(ref _posted);
        while (true)
        {
            item.Next = first;
            var found = Interlocked.CompareExchange(ref _posted, item, first);
            if (found == first)
                break;
            first = found;
        }
        // One write for all that are posted until the loop has woken: a broadcast costs one.
        if (Volatile.Read(ref _asleep) != 0 && Interlocked.Exchange(ref _asleep, 0) != 0)
            Wake();
    }

    /// <summary>Tells each item of a tick, on the loop's thread.</summary>
    public void Tick()
    {
        if (Interlocked.Exchange(ref _ticking, 1) == 0)
            Wake();
    }

    /// <summary>Begins to listen to a socket; only on the loop's thread.</summary>
    public bool Add(LoopItem item, int socket, uint events)
    {
        item.Token = _slots.Take(item);
        if (Control(Libc.EpollAdd, socket, events, item.Token))
            return true;
        _slots.Free(item.Token);
        item.Token = LoopSlots.None;
        return false;
    }

    /// <summary>Listens to other events from now on. The caller owns the item.</summary>
    public void Change(LoopItem item, int socket, uint events) => Control(Libc.EpollModify, socket, events, item.Token);

    /// <summary>Ends listening; only on the loop's thread. What is told of it already goes to nobody.</summary>
    public void Forget(LoopItem item, int socket)
    {
        if (item.Token == LoopSlots.None)
            return;
        Control(Libc.EpollDelete, socket, 0, 0);
        _slots.Free(item.Token);
        item.Token = LoopSlots.None;
    }

    /// <summary>Ends listening for good.</summary>
    public void Remove(LoopItem item, int socket)
    {
        Forget(item, socket);
        lock (_gate)
            _count--;
    }

    private bool Control(int operation, int socket, uint events, ulong data)
    {
        Span<byte> change = stackalloc byte[16];
        _layout.Write(change, events, data);
        return Libc.EpollControl(_epoll, operation, socket, change) == 0;
    }

    private void Run()
    {
        t_current = this;
        while (true)
        {
            RunPosted();
            // After the last leaves: one of them may have been the last.
            if (IsOver())
                break;
            if (Volatile.Read(ref _ticking) != 0 && Interlocked.Exchange(ref _ticking, 0) != 0)
                _slots.Tick();
            Interlocked.Exchange(ref _asleep, 1);
            // Who posted before the line above has not written; who posts after it does.
            var busy = Volatile.Read(ref _posted) is not null;
            var count = Libc.EpollWait(_epoll, _events, MostEvents, busy ? 0 : -1);
            Volatile.Write(ref _asleep, 0);
            if (count < 0 && Marshal.GetLastPInvokeError() != Libc.InterruptedError)
                throw Failure("epoll_wait");
            for (var i = 0; i < count; i++)
            {
                var (events, data) = _layout.Read(_events, i);
                if (_slots.Find(data) is { } item && item.Signal(events))
                    item.Turn(_buffers, onLoop: true);
            }
        }
        _ = Libc.Close(_epoll);
        _wake.Dispose();
        _ended.SetResult();
    }

    private void RunPosted()
    {
        if (Volatile.Read(ref _posted) is null)
            return;
        // The newest is first: turned round, so that who came first is served first.
        LoopItem? first = null;
        for (var one = Interlocked.Exchange(ref _posted, null); one is not null;)
            (one.Next, first, one) = (first, one, one.Next);
        while (first is { } item)
        {
            first = item.Next;
            item.Next = null;
            item.Turn(_buffers, onLoop: true);
        }
    }

    private bool IsOver()
    {
        // Set and then woken: a look without the lock is enough to go on.
        if (!Volatile.Read(ref _stopping))
            return false;
        lock (_gate)
            return _count == 0;
    }

    private void Wake()
    {
        try
        {
            Libc.EventWrite(_wake, 1, sizeof(ulong));
        }
        catch (ObjectDisposedException)
        {
            // It woke for another reason, did what was posted, and was through.
        }
    }

    private static IOException Failure(string call) =>
        new($"{call} failed: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
}
