using System.Diagnostics;
using Stratum.Server;

namespace Stratum.Simulation;

internal sealed partial class LoadEngine
{
    /// <summary>A connection is gone, or was never there; its link is closing itself.</summary>
    /// <param name="peer">Whose.</param>
    /// <param name="problem">A sentence without its end.</param>
    public void Lost(LoadPeer peer, string problem)
    {
        bool wasOpening = _opening.Remove(peer);
        if (!wasOpening)
        {
            TakeOut(peer);
        }

        LostConnections++;
        LostReplies += peer.Outstanding;
        peer.Release();
        _problems.Add(problem);
        if (IsCycling)
        {
            if (++_failuresInARow >= MostFailuresInARow || Logins == 0)
            {
                _failed.TrySetResult();
            }

            _carrier.Wake();
        }
        else if (!_allReady.Task.IsCompleted || _ready.Count == 0)
        {
            _failed.TrySetResult();
        }

        CheckDrained();
    }

    private bool BecameReady(LoadPeer peer, long now)
    {
        _opening.Remove(peer);
        Logins++;
        _failuresInARow = 0;
        if (IsCycling)
        {
            course.Tally.LoggedInAgain(peer.Began, now);
            peer.Release();
            OpenMore();
            return false;
        }

        peer.Place = _ready.Count;
        _ready.Add(peer);
        course.Sessions = _ready.Count;
        if (_ready.Count == options.Connections)
        {
            _allReady.TrySetResult();
        }

        OpenMore();
        return true;
    }

    private void OpenMore()
    {
        if (IsCycling)
        {
            _allReady.TrySetResult();
        }

        int most = IsCycling ? options.Connections : MostOpening;
        while (!_isDraining && !_failed.Task.IsCompleted && _opening.Count < most && (IsCycling || _opened < options.Connections))
        {
            var peer = new LoadPeer(course, _opened++) { Began = Stopwatch.GetTimestamp() };
            _opening.Add(peer);
            peer.Link = _carrier.Open(peer);
        }
    }

    private void GiveUpOnSlow()
    {
        if (_opening.Count == 0)
        {
            return;
        }

        foreach (LoadPeer peer in _opening.Where(one => Stopwatch.GetElapsedTime(one.Began) > options.LoginTimeout).ToList())
        {
            peer.Link!.Close();
            Lost(peer, peer.State switch
            {
                LoadState.Connecting => "The server did not take a connection",
                LoadState.Subscribing => "The server did not answer mining.subscribe",
                LoadState.Authorizing => "The server did not answer mining.authorize",
                _ => "The server sent no job",
            } + $" within {options.LoginTimeout.TotalSeconds:0.###} s");
        }
    }

    // The last takes its place.
    private void TakeOut(LoadPeer peer)
    {
        LoadPeer last = _ready[^1];
        _ready[peer.Place] = last;
        last.Place = peer.Place;
        _ready.RemoveAt(_ready.Count - 1);
        course.Sessions = _ready.Count;
    }

    private void CloseAll()
    {
        if (_isPacing && _ready.Count > 0)
        {
            UnsentShares = (long)Math.Ceiling((_paceTo - _paceFrom) / TicksBetween) - _paced;
        }

        foreach (LoadPeer peer in _opening.Concat(_ready))
        {
            LostReplies += peer.Outstanding;
            peer.Link!.Close();
            peer.Release();
        }

        _opening.Clear();
        _ready.Clear();
        _closed.TrySetResult();
    }
}
