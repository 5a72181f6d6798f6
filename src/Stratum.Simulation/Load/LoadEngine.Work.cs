using System.Diagnostics;
using Stratum.Server;

namespace Stratum.Simulation;

internal sealed partial class LoadEngine
{
    // So many shares in one turn, then answers are read again.
    private const int MostInATurn = 256;

    private bool _mustFill;
    private bool _isDraining;
    private bool _isPacing;
    private long _paceFrom;
    private long _paceTo = long.MaxValue;
    private long _paced;
    private int _turn;

    private double TicksBetween => Stopwatch.Frequency / options.Rate!.Value;

    private void FillAll(LoopOutput output)
    {
        long now = Stopwatch.GetTimestamp();
        // From the end: the place of one that is lost goes to the last, which had its turn.
        for (int place = _ready.Count - 1; place >= 0; place--)
        {
            LoadPeer peer = _ready[place];
            output.Clear();
            peer.Fill(now, output);
            SendOrLose(peer, output);
        }
    }

    // Share k is due k/rate seconds after the start, whatever became of those before; also after the end of the work,
    // where it was due before it.
    private void Pace(LoopOutput output)
    {
        if (!_isPacing)
        {
            return;
        }

        for (int most = MostInATurn; _ready.Count > 0; most--)
        {
            long due = _paceFrom + (long)(_paced * TicksBetween);
            if (due >= _paceTo)
            {
                _isPacing = false;
                return;
            }

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
        SendOrLose(peer, output);
    }

    private void SendOrLose(LoadPeer peer, LoopOutput output)
    {
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
        if (!_isDraining || _drained.Task.IsCompleted || (_isPacing && _ready.Count > 0))
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
