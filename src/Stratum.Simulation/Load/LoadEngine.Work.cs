using System.Diagnostics;
using Stratum.Server;

namespace Stratum.Simulation;

internal sealed partial class LoadEngine
{
    // So many shares in one turn, then answers are read again.
    private const int MostInATurn = 256;

    private bool _mustFill;
    private bool _isDraining;
    private long _paceFrom;
    private long _paced;
    private int _turn;

    private void FillAll(LoopOutput output)
    {
        long now = Stopwatch.GetTimestamp();
        foreach (LoadPeer peer in _ready)
        {
            output.Clear();
            peer.Fill(now, output);
            peer.Link!.Send(output.Written);
        }
    }

    // Share k is due k/rate seconds after the start, whatever became of those before.
    private void Pace(LoopOutput output)
    {
        if (options.Rate is not { } rate || !course.IsSubmitting)
        {
            return;
        }

        double between = Stopwatch.Frequency / rate;
        for (int most = MostInATurn; _ready.Count > 0; most--)
        {
            long due = _paceFrom + (long)(_paced * between);
            long early = due - Stopwatch.GetTimestamp();
            if (early > 0 || most == 0)
            {
                _carrier.WakeAfter((long)(early * (1e9 / Stopwatch.Frequency)));
                return;
            }

            SubmitOne(due, output);
            _paced++;
        }
    }

    private void SubmitOne(long due, LoopOutput output)
    {
        _turn = _turn + 1 < _ready.Count ? _turn + 1 : 0;
        LoadPeer peer = _ready[_turn];
        output.Clear();
        peer.Submit(due, output);
        if (peer.State == LoadState.Broken)
        {
            peer.Link!.Close();
            Lost(peer, "The server " + peer.Failure);
        }
        else
        {
            peer.Link!.Send(output.Written);
        }
    }

    private void CheckDrained()
    {
        if (!_isDraining || _drained.Task.IsCompleted)
        {
            return;
        }

        foreach (LoadPeer peer in _ready)
        {
            if (peer.Outstanding > 0)
            {
                return;
            }
        }

        _drained.TrySetResult();
    }
}
