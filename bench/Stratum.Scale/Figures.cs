namespace Stratum.Scale;

/// <summary>What so many sessions in one process cost.</summary>
/// <param name="Sessions">How many.</param>
/// <param name="LoginMicroseconds">CPU of one session's making, subscribe and authorize.</param>
/// <param name="LiveBytes">Of one session, logged in; what a full collection leaves.</param>
/// <param name="LiveBytesAfter">The same after at least five broadcasts.</param>
/// <param name="ResidentBytes">Growth of the process by session, nothing collected by hand.</param>
/// <param name="ShareMicroseconds">CPU of one accepted share, each of another session than the one before.</param>
/// <param name="SlotsMilliseconds">CPU until a job is in every slot.</param>
/// <param name="TakeMilliseconds">CPU until every session's lines are taken.</param>
/// <param name="BeatMilliseconds">CPU of a heartbeat that finds nothing to do.</param>
/// <param name="RenewMilliseconds">CPU of one that finds every session silent for as long as may be: new work for all.</param>
/// <param name="CollectMilliseconds">A full collection that stops everything.</param>
/// <param name="Collections">How often the collector ran by itself while they logged in.</param>
/// <param name="PausesMilliseconds">How long it stopped everything in that time, all together.</param>
internal sealed record Figures(
    int Sessions, double LoginMicroseconds, double LiveBytes, double LiveBytesAfter, double ResidentBytes, double ShareMicroseconds,
    double SlotsMilliseconds, double TakeMilliseconds, double BeatMilliseconds, double RenewMilliseconds,
    double CollectMilliseconds, int Collections,
    double PausesMilliseconds);
