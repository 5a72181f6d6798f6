using System.Diagnostics;

namespace Stratum.Server;

internal sealed partial class LoopConnection
{
    private bool _finishing;
    private bool _looksAgain;
    private long _finishingSince;
    private long _quietSince;

    public void Finish() => Raise(Finishing);

    private void NoteFinish()
    {
        _looksAgain = false;
        _readable = true;
        if (_finishing)
            return;
        _finishing = true;
        _finishingSince = _quietSince = Stopwatch.GetTimestamp();
    }

    // Nothing for so long is nothing more: 50 ms, unless a test of a busy machine gives more.
    private TimeSpan Quiet => _server.MostRest / 20;

    private void NoteBytes()
    {
        if (_finishing)
            _quietSince = Stopwatch.GetTimestamp();
    }

    // A miner that never pauses does not hold the stop. Real time: a clock that a test holds still must not either.
    private bool IsRestOver()
    {
        if (!_finishing || Stopwatch.GetElapsedTime(_finishingSince) <= _server.MostRest)
            return false;
        _session!.Close(DisconnectReason.ServerStopping);
        return true;
    }

    // Whether a stop has all that was received; true when the session was closed for it.
    private bool IsThrough(StratumSession session)
    {
        if (!_finishing || session.IsPaused || HasInput)
            return false;
        if (Stopwatch.GetElapsedTime(_quietSince) >= Quiet)
        {
            session.Close(DisconnectReason.ServerStopping);
            return true;
        }
        if (!_looksAgain)
            _ = LookAgainAsync();
        _looksAgain = true;
        return false;
    }

    private async Task LookAgainAsync()
    {
        await Task.Delay(Quiet).ConfigureAwait(false);
        Raise(Finishing);
    }
}
