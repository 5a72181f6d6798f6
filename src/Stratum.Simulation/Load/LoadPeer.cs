using System.Buffers;
using System.Diagnostics;
using Stratum.Client;
using Stratum.Mining;
using Stratum.Protocol;

namespace Stratum.Simulation;

/// <summary>
/// One session of a load run as a state machine without I/O: bytes in, bytes out. Its carrier sends what it writes;
/// one call at a time.
/// </summary>
internal sealed partial class LoadPeer(LoadCourse course, int number)
{
    private readonly WorkState _work = new();
    private LineReader _lines = new(StratumClientOptions.Default.MaxLineLength);
    private SubmitLine _line;
    private Waiting _waiting;
    private JobArrival? _arrival;
    private JobSearch? _search;

    /// <summary>Counts the sessions of a run from 0.</summary>
    public int Number => number;

    /// <summary>How far it is.</summary>
    public LoadState State { get; private set; }

    /// <summary>Why it is broken, in words that continue "the server".</summary>
    public string? Failure { get; private set; }

    /// <summary>Shares that wait for an answer.</summary>
    public int Outstanding => _waiting.Count;

    /// <summary>What carries it.</summary>
    public ILoadLink? Link { get; set; }

    /// <summary>When its connection began.</summary>
    public long Began { get; init; }

    /// <summary>Its place in the engine's list of those that are ready.</summary>
    public int Place { get; set; }

    /// <summary>The connection is there.</summary>
    public void Connected(IBufferWriter<byte> output)
    {
        State = LoadState.Subscribing;
        output.Write(course.Subscribe);
    }

    /// <summary>Bytes came.</summary>
    /// <param name="bytes">In any pieces.</param>
    /// <param name="now">When.</param>
    /// <param name="output">Where all goes that there is to say to it.</param>
    public void Receive(ReadOnlySpan<byte> bytes, long now, IBufferWriter<byte> output)
    {
        while (State != LoadState.Broken)
        {
            LineStatus status = _lines.TryReadLine(ref bytes, out ReadOnlySpan<byte> line);
            if (status == LineStatus.NeedMore)
            {
                Fill(now, output);
                return;
            }

            if (status == LineStatus.TooLong)
            {
                Break($"sent a line longer than {StratumClientOptions.Default.MaxLineLength} bytes; is it a Stratum port?");
                return;
            }

            Read(line, now, output);
        }
    }

    /// <summary>Hands in shares until the window is full.</summary>
    public void Fill(long now, IBufferWriter<byte> output)
    {
        if (!course.IsSubmitting)
        {
            return;
        }

        // A share that cannot be handed in breaks it.
        while (State == LoadState.Ready && _waiting.Count < course.Window)
        {
            Submit(now, output);
        }
    }

    /// <summary>Hands in one share; only when ready.</summary>
    /// <param name="since">From when its latency counts, unless it has to be found first in a closed loop.</param>
    /// <param name="output">Where its line goes.</param>
    public void Submit(long since, IBufferWriter<byte> output)
    {
        if (_waiting.IsFull)
        {
            Break($"left {Waiting.Most} shares of one session unanswered");
            return;
        }

        if (_search is null)
        {
            _line.CountOn();
        }
        else if (_search.TryNext(out Extranonce extranonce2, out uint nonce))
        {
            _line.SetShare(extranonce2, nonce);
            // The search is our work and not the server's. In an open loop a share is due when it is, searched or not.
            since = course.Window > 0 ? Stopwatch.GetTimestamp() : since;
        }
        else
        {
            Break("has left the same job until all its shares were found");
            return;
        }

        _waiting.Add(since);
        _line.Write(output);
    }

    /// <summary>Gives its buffer back; it is not called any more.</summary>
    public void Release() => _lines.Dispose();

    private void Break(string failure)
    {
        State = LoadState.Broken;
        Failure = failure.Length > 300 ? failure[..300] + "..." : failure;
    }
}
