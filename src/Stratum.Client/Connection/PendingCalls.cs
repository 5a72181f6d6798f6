using System.Buffers.Text;

namespace Stratum.Client;

/// <summary>The calls of one connection by their id.</summary>
internal sealed class PendingCalls
{
    private readonly Dictionary<long, PendingCall> _calls = [];
    private Exception? _ended;

    /// <exception cref="IOException">The connection is gone.</exception>
    public void Add(long id, PendingCall call)
    {
        lock (_calls)
        {
            if (_ended is not null)
                throw new IOException(_ended.Message, _ended);
            _calls.Add(id, call);
        }
    }

    public bool Remove(long id)
    {
        lock (_calls)
            return _calls.Remove(id);
    }

    /// <summary>Finds the call of an answer; servers return our number as a number or in a string.</summary>
    public PendingCall? Take(ReadOnlySpan<byte> rawId)
    {
        if (rawId is [(byte)'"', .. var inner, (byte)'"'])
            rawId = inner;
        if (!Utf8Parser.TryParse(rawId, out long id, out int read) || read != rawId.Length)
            return null;
        lock (_calls)
            return _calls.Remove(id, out var call) ? call : null;
    }

    /// <summary>No answer will come.</summary>
    public void FailAll(Exception reason)
    {
        PendingCall[] calls;
        lock (_calls)
        {
            _ended ??= reason;
            calls = [.. _calls.Values];
            _calls.Clear();
        }

        foreach (var call in calls)
            call.Fail(new IOException(reason.Message, reason));
    }
}
