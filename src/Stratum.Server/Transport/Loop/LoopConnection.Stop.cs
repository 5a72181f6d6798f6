using System.Diagnostics;

namespace Stratum.Server;

internal sealed partial class LoopConnection
{
    // Null while no stop has asked for the rest.
    private Ending? _ending;

    public void Finish() => Raise(Finishing);

    private void NoteFinish()
    {
        _ending ??= new Ending();
        _ending.LooksAgain = false;
        _readable = true;
    }

    // Nothing for so long is nothing more: 50 ms, unless a test of a busy machine gives more.
    private TimeSpan Quiet => _server.MostRest / 20;

    private void NoteBytes()
    {
        if (_ending is { } ending)
            ending.QuietSince = Stopwatch.GetTimestamp();
    }

    // A miner that never pauses does not hold the stop. Real time: a clock that a test holds still must not either.
    private bool IsRestOver()
    {
        if (_ending is not { } ending || Stopwatch.GetElapsedTime(ending.Since) <= _server.MostRest)
            return false;
        _session!.Close(DisconnectReason.ServerStopping);
        return true;
    }

    // Whether a stop has all that was received; true when the session was closed for it.
    private bool IsThrough(StratumSession session)
    {
        if (_ending is not { } ending || session.IsPaused || HasInput)
            return false;
        if (Stopwatch.GetElapsedTime(ending.QuietSince) >= Quiet)
        {
            session.Close(DisconnectReason.ServerStopping);
            return true;
        }
        if (!ending.LooksAgain)
            _ = LookAgainAsync();
        ending.LooksAgain = true;
        return false;
    }

    private async Task LookAgainAsync()
    {
        await Task.Delay(Quiet).ConfigureAwait(false);
        Raise(Finishing);
    }

    private sealed class Ending
    {
        public long Since { get; } = Stopwatch.GetTimestamp();

        public long QuietSince { get; set; } = Stopwatch.GetTimestamp();

        public bool LooksAgain { get; set; }
    }
}
