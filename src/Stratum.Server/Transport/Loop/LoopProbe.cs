using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Stratum.Server;

/// <summary>
/// Tries every native call of the loop on the running system: another libc, kernel, emulator or sandbox than those
/// that were tested must be found out before a miner depends on it.
/// </summary>
internal static class LoopProbe
{
    private static readonly Trial s_trial = new(Run);

    /// <summary>Why the loop cannot be used here; null when it can.</summary>
    public static string? Problem => s_trial.Problem;

    internal static string? Run()
    {
        if (!OperatingSystem.IsLinux())
            return "this is not Linux";
        if (RuntimeInformation.ProcessArchitecture is not (Architecture.X64 or Architecture.Arm64))
            return $"the loop was never tried on {RuntimeInformation.ProcessArchitecture}";
        try
        {
            return Try(EpollLayout.Current);
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException or SocketException)
        {
            return error.Message;
        }
    }

    /// <summary>A round trip through the kernel with this layout; the first thing that is not as it must be.</summary>
    internal static string? Try(EpollLayout layout)
    {
        Span<int> pair = [-1, -1];
        var epoll = -1;
        var wake = -1;
        try
        {
            if (Libc.SocketPair(1, 1, 0, pair) != 0)
                return Failed("socketpair");
            if ((epoll = Libc.EpollCreate(Libc.CloseOnExec)) < 0)
                return Failed("epoll_create1");
            if ((wake = Libc.EventCreate(0, Libc.CloseOnExec)) < 0)
                return Failed("eventfd");
            return Sockets(pair[0], pair[1]) ?? Events(layout, epoll, pair[0], pair[1], wake) ?? End(layout, epoll, pair) ?? Accept() ?? Reset();
        }
        finally
        {
            foreach (var file in (ReadOnlySpan<int>)[pair[0], pair[1], epoll, wake])
                if (file >= 0)
                    _ = Libc.Close(file);
        }
    }

    private static string? Sockets(int here, int there)
    {
        Span<byte> got = stackalloc byte[16];
        if (Libc.Receive(here, got, 16, Libc.DontWait) != -1 || Marshal.GetLastPInvokeError() != Libc.AgainError)
            return "recv with nothing to receive did not say EAGAIN";
        if (Libc.Send(there, "probe"u8, 5, Libc.DontWait | Libc.NoSignal) != 5)
            return Failed("send");
        if (Libc.Receive(here, got, 16, Libc.DontWait | Libc.Peek) != 5 || !got[..5].SequenceEqual("probe"u8))
            return Failed("recv with MSG_PEEK");
        return null;
    }

    private static string? Events(EpollLayout layout, int epoll, int here, int there, int wake)
    {
        // Two at once show where the second begins; every byte of the data is another one.
        const ulong First = 0x1122334455667788;
        const ulong Second = 0x99aabbccddeeff01;
        Span<byte> change = stackalloc byte[16];
        layout.Write(change, Libc.EpollIn | Libc.EpollReadHup | Libc.EpollEdge, First);
        if (Libc.EpollControl(epoll, Libc.EpollAdd, here, change) != 0)
            return Failed("epoll_ctl");
        layout.Write(change, Libc.EpollIn | Libc.EpollEdge, Second);
        if (Libc.EpollControl(epoll, Libc.EpollAdd, wake, change) != 0)
            return Failed("epoll_ctl");
        using (var handle = new SafeFileHandle(wake, ownsHandle: false))
            if (Libc.EventWrite(handle, 1, sizeof(ulong)) != sizeof(ulong))
                return Failed("write to an eventfd");
        Span<byte> events = stackalloc byte[4 * 16];
        if (Libc.EpollWait(epoll, events, 4, 1000) != 2)
            return Failed("epoll_wait");
        var (one, two) = (layout.Read(events, 0), layout.Read(events, 1));
        if ((one, two) != ((Libc.EpollIn, First), (Libc.EpollIn, Second)) && (one, two) != ((Libc.EpollIn, Second), (Libc.EpollIn, First)))
            return $"epoll_wait gave {one} and {two}: struct epoll_event is not laid out as expected";
        // Nothing new came, so there is nothing to tell: that it is told on edges only, nothing is lost by.
        if (Libc.EpollWait(epoll, events, 4, 0) != 0)
            return "epoll tells of what it told before in spite of EPOLLET";
        if (Libc.Send(there, "x"u8, 1, Libc.DontWait | Libc.NoSignal) != 1 || Libc.EpollWait(epoll, events, 4, 1000) != 1)
            return "epoll does not tell of more bytes while others wait";
        return null;
    }

    private static string? End(EpollLayout layout, int epoll, Span<int> pair)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (Libc.Shutdown(pair[1], 1) != 0)
            return Failed("shutdown");
        _ = Libc.Close(pair[1]);
        pair[1] = -1;
        Span<byte> events = stackalloc byte[4 * 16];
        if (Libc.EpollWait(epoll, events, 4, 1000) != 1 || (layout.Read(events, 0).Events & Libc.EpollReadHup) == 0)
            return "epoll does not tell that a peer has closed";
        if (Libc.Receive(pair[0], bytes, 16, Libc.DontWait) != 6 || Libc.Receive(pair[0], bytes, 16, Libc.DontWait) != 0)
            return "recv does not end where the peer has closed";
        if (Libc.Send(pair[0], "x"u8, 1, Libc.DontWait | Libc.NoSignal) != -1 || Marshal.GetLastPInvokeError() != Libc.BrokenPipeError)
            return "send to a peer that has closed did not say EPIPE";
        layout.Write(bytes, Libc.EpollOut, 0);
        if (Libc.EpollControl(epoll, Libc.EpollModify, pair[0], bytes) != 0 || Libc.EpollControl(epoll, Libc.EpollDelete, pair[0], bytes) != 0)
            return Failed("epoll_ctl");
        return null;
    }

    private static string? Accept()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        using var peer = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        peer.Connect(listener.LocalEndPoint!);
        Span<byte> address = stackalloc byte[PeerAddress.Size];
        var length = address.Length;
        var accepted = Libc.Accept((int)listener.SafeHandle.DangerousGetHandle(), address, ref length, Libc.CloseOnExec);
        if (accepted < 0)
            return Failed("accept4");
        Libc.Reset(accepted);
        return Equals(PeerAddress.Read(address), peer.LocalEndPoint) ? null : "accept4 does not tell the peer's address as expected";
    }

    private static string? Reset()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        return Libc.Cut((int)socket.SafeHandle.DangerousGetHandle()) ? null : Failed("setsockopt or connect");
    }

    private static string Failed(string call) => $"{call} failed here ({Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())})";
}
