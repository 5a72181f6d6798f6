using System.Runtime.InteropServices;

namespace Stratum.Server;

internal sealed partial class LoopConnection
{
    // Looks at the first bytes; on the loop's thread. What cannot be told yet waits for the next edge.
    private bool Sort()
    {
        Span<byte> first = stackalloc byte[FirstBytes.MostNeeded];
        var count = Receive(first, Libc.Peek);
        if (count < 0 && Marshal.GetLastPInvokeError() == Libc.AgainError)
        {
            _readable = false;
            return true;
        }
        var kind = count <= 0 ? FirstBytesKind.Nothing : FirstBytes.Classify(first[..count], out _);
        if (kind == FirstBytesKind.Nothing && count > 0 && !_hungUp)
        {
            _readable = false;
            return true;
        }
        if (kind != FirstBytesKind.Stratum)
            return LeaveUnsorted(kind);
        _phase = Phase.Sorted;
        var sorted = _sorted!;
        _sorted = null;
        // What waits for it opens the session: here, when that calls nobody else's code.
        if (_server.CallsYourCode)
            Complete(sorted, kind);
        else
            sorted.SetResult(kind);
        return true;
    }

    // The socket goes back to its owner, free of the loop.
    private bool LeaveUnsorted(FirstBytesKind? kind)
    {
        var sorted = _sorted!;
        _sorted = null;
        Detach();
        // A TLS handshake has no business on the loop.
        Complete(sorted, kind);
        return false;
    }

    private static void Complete(TaskCompletionSource<FirstBytesKind> sorted, FirstBytesKind? kind) =>
        ThreadPool.UnsafeQueueUserWorkItem(static end =>
        {
            if (end.kind is { } known)
                end.sorted.SetResult(known);
            else
                end.sorted.SetCanceled();
        }, (sorted, kind), preferLocal: false);

    private void Detach()
    {
        _phase = Phase.Leaving;
        Loop.Remove(this, _socket);
        _handle.DangerousRelease();
    }
}
