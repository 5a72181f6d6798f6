using System.Diagnostics;

namespace Stratum.Simulation;

/// <summary>What is looked at when the measured time begins and when it ends.</summary>
internal sealed class LoadMeasure(LoadOptions options, ProcessWatch? server, long? residentBefore)
{
    private long _began;
    private TimeSpan _measured;
    private TimeSpan? _serverBefore;
    private TimeSpan? _serverTime;
    private TimeSpan _generatorBefore;
    private TimeSpan _generatorTime;
    private long? _resident;
    private long _sessions;

    public void Begin(LoadEngine engine, LoadCourse course)
    {
        _serverBefore = server?.ProcessorTime();
        _generatorBefore = GeneratorTime();
        lock (engine.Gate)
        {
            _began = Stopwatch.GetTimestamp();
            course.Tally.Begin(_began);
        }
    }

    public void End(LoadEngine engine, LoadCourse course)
    {
        lock (engine.Gate)
        {
            long now = Stopwatch.GetTimestamp();
            course.Tally.End(now);
            _measured = Stopwatch.GetElapsedTime(_began, now);
            _sessions = engine.Sessions;
        }

        _generatorTime = GeneratorTime() - _generatorBefore;
        _serverTime = server?.ProcessorTime() - _serverBefore;
        _resident = server?.ResidentBytes();
    }

    public LoadReport Report(LoadEngine engine, LoadCourse course)
    {
        lock (engine.Gate)
        {
            course.Jobs.Finish();
            LoadTally tally = course.Tally;
            long operations = options.Mode switch
            {
                LoadMode.Submit or LoadMode.Solve => tally.Measured.Sum,
                LoadMode.Broadcast => tally.JobsReceived,
                LoadMode.Connect => tally.Cycles,
                _ => 0,
            };
            return new LoadReport
            {
                Options = options,
                Measured = _measured,
                Operations = operations,
                Latency = LoadLatency.Of(tally.Latency),
                Answers = tally.Measured,
                AllAnswers = tally.All,
                Refusals = [.. course.Answers.Words.Values],
                Logins = engine.Logins,
                Broadcasts = (int)course.Jobs.Spread.Count,
                IncompleteBroadcasts = course.Jobs.Incomplete,
                Spread = LoadLatency.Of(course.Jobs.Spread),
                LostConnections = engine.LostConnections,
                LostReplies = engine.LostReplies,
                UnsentShares = engine.UnsentShares,
                Server = ServerUse(operations),
                GeneratorMicrosecondsPerOperation = Divide(_generatorTime, operations),
                Problems = Problems(engine, course),
            };
        }
    }

    private List<string> Problems(LoadEngine engine, LoadCourse course)
    {
        var problems = engine.Problems.ToList();
        if (engine.LostReplies > 0)
        {
            problems.Add($"{engine.LostReplies} shares were never answered.");
        }

        if (engine.UnsentShares > 0)
        {
            problems.Add($"The generator was behind: {engine.UnsentShares} shares that were due were not sent.");
        }

        LoadAnswers all = course.Tally.All;
        long wrong = all.LowDifficulty + all.Duplicate + all.OtherRefused;
        if (options.Mode == LoadMode.Solve && wrong > 0)
        {
            problems.Add($"{wrong} shares were refused that meet their difficulty, are new and not stale: "
                + string.Join(", ", course.Answers.Words.Where(one => one.Key != AnswerKind.Stale).Select(one => one.Value)) + ".");
        }

        return problems;
    }

    private LoadServerUse? ServerUse(long operations) => options.ServerPid is not { } pid ? null : new LoadServerUse(
        pid,
        _serverTime,
        Divide(_serverTime, operations),
        _sessions > 0 ? (double?)(_resident - residentBefore) / _sessions : null,
        _resident);

    private static TimeSpan GeneratorTime() => Environment.CpuUsage.TotalTime;

    private static double? Divide(TimeSpan? time, long operations) => operations > 0 ? time?.TotalMicroseconds / operations : null;
}
