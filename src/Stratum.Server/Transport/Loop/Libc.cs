using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Stratum.Server;

/// <summary>
/// The calls of the loop, and constants that are the same on Linux x64 and arm64. <see cref="LoopProbe"/> tries them
/// on the running system before anything relies on them.
/// </summary>
internal static partial class Libc
{
    public const uint EpollIn = 0x1;
    public const uint EpollOut = 0x4;
    public const uint EpollErr = 0x8;
    public const uint EpollHup = 0x10;
    public const uint EpollReadHup = 0x2000;
    public const uint EpollEdge = 0x8000_0000;

    public const int EpollAdd = 1;
    public const int EpollDelete = 2;
    public const int EpollModify = 3;
    public const int CloseOnExec = 0x80000;
    public const int NonBlocking = 0x800;

    public const int StreamSocket = 1;
    public const int MonotonicClock = 1;

    public const int Peek = 0x2;
    public const int DontWait = 0x40;
    public const int NoSignal = 0x4000;

    public const int InterruptedError = 4;
    public const int AgainError = 11;
    public const int BrokenPipeError = 32;
    public const int AddressNotAvailableError = 99;
    public const int AbortedError = 103;
    public const int InProgressError = 115;

    private const int SocketLevel = 1;
    private const int Linger = 13;
    private const int InternetLevel = 0;
    private const int BindWithoutPort = 24;
    private const int TcpLevel = 6;
    private const int NoDelay = 1;

    // { int onoff; int linger; }: on, for no time.
    private static ReadOnlySpan<byte> NoLinger => [1, 0, 0, 0, 0, 0, 0, 0];

    private static ReadOnlySpan<byte> On => [1, 0, 0, 0];

    // A struct sockaddr of family AF_UNSPEC.
    private static ReadOnlySpan<byte> NoAddress => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int EpollControl(int epoll, int operation, int socket, Span<byte> change);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int EpollWait(int epoll, Span<byte> events, int most, int milliseconds);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventCreate(uint value, int flags);

    // The handle is kept for the time of the call: a late waker must not write to what has this number next.
    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint EventWrite(SafeFileHandle file, in ulong value, nuint length);

    [LibraryImport("libc", EntryPoint = "accept4", SetLastError = true)]
    public static partial int Accept(int socket, Span<byte> address, ref int length, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(int socket, Span<byte> buffer, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(int socket, ReadOnlySpan<byte> bytes, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "shutdown", SetLastError = true)]
    public static partial int Shutdown(int socket, int how);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int file);

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    public static partial int OpenSocket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    public static partial int Bind(int socket, ReadOnlySpan<byte> address, uint length);

    // To an address of family AF_UNSPEC it dissolves the association (man 2 connect), with linger 0 by a reset.
    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    public static partial int Connect(int socket, ReadOnlySpan<byte> address, uint length);

    [LibraryImport("libc", EntryPoint = "timerfd_create", SetLastError = true)]
    public static partial int TimerCreate(int clock, int flags);

    // A struct itimerspec: interval and value, each seconds and nanoseconds of 64 bits.
    [LibraryImport("libc", EntryPoint = "timerfd_settime", SetLastError = true)]
    public static partial int TimerSet(int timer, int flags, ReadOnlySpan<long> value, nint old);

    [LibraryImport("libc", EntryPoint = "socketpair", SetLastError = true)]
    public static partial int SocketPair(int domain, int type, int protocol, Span<int> sockets);

    /// <summary>Cuts a TCP connection with RST at once; the descriptor stays open.</summary>
    public static bool Cut(int socket) => EndByReset(socket) & Connect(socket, NoAddress, (uint)NoAddress.Length) == 0;

    /// <summary>Closes a TCP connection with RST; for who has it alone.</summary>
    public static void Reset(int socket)
    {
        _ = EndByReset(socket);
        _ = Close(socket);
    }

    private static bool EndByReset(int socket) => SetOption(socket, SocketLevel, Linger, NoLinger, (uint)NoLinger.Length) == 0;

    /// <summary>Small lines leave at once.</summary>
    public static bool SetNoDelay(int socket) => SetOption(socket, TcpLevel, NoDelay, On, (uint)On.Length) == 0;

    /// <summary>A bind to an address alone: the port is chosen by connect, which may share it.</summary>
    public static bool SetBindWithoutPort(int socket) =>
        SetOption(socket, InternetLevel, BindWithoutPort, On, (uint)On.Length) == 0;

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static partial int SetOption(int socket, int level, int name, ReadOnlySpan<byte> value, uint length);
}
