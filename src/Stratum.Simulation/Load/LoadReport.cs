namespace Stratum.Simulation;

/// <summary>What a <see cref="LoadRun"/> has measured.</summary>
public sealed record LoadReport
{
    /// <summary>What was asked for.</summary>
    public required LoadOptions Options { get; init; }

    /// <summary>Measured time, without warm-up; less than asked for when it ended early, 0 when it never began.</summary>
    public required TimeSpan Measured { get; init; }

    /// <summary>
    /// While it was measured: answers (submit, solve), jobs received by all sessions (broadcast), cycles (connect).
    /// 0 with idle.
    /// </summary>
    public required long Operations { get; init; }

    /// <summary>
    /// Of answers from when a share was sent, or was due with <see cref="LoadOptions.Rate"/>; of cycles from connect to
    /// the answer to authorize. With the answers that came after the measured time, to shares that were due in it.
    /// </summary>
    public required LoadLatency Latency { get; init; }

    /// <summary>The answers of <see cref="Operations"/> by kind.</summary>
    public required LoadAnswers Answers { get; init; }

    /// <summary>The answers of the whole run, with warm-up and end.</summary>
    public required LoadAnswers AllAnswers { get; init; }

    /// <summary>The server's words for each kind of refusal, the first that it had, with its code.</summary>
    public required IReadOnlyList<string> Refusals { get; init; }

    /// <summary>Sessions that were logged in, over the whole run.</summary>
    public required long Logins { get; init; }

    /// <summary>Jobs that came to all sessions, the first one while it was measured.</summary>
    public required int Broadcasts { get; init; }

    /// <summary>
    /// Other jobs that came while it was measured: not to all sessions, or not before the end, and so without a time.
    /// </summary>
    public required int IncompleteBroadcasts { get; init; }

    /// <summary>Of each of <see cref="Broadcasts"/>, the time from the first session that had it to the last.</summary>
    public required LoadLatency Spread { get; init; }

    /// <summary>Connections that could not be made, or that ended before their time.</summary>
    public required long LostConnections { get; init; }

    /// <summary>Shares that were never answered.</summary>
    public required long LostReplies { get; init; }

    /// <summary>
    /// Shares that were due by <see cref="LoadOptions.Rate"/>, and that the generator was too slow to send.
    /// </summary>
    public required long UnsentShares { get; init; }

    /// <summary>The server's process; null unless <see cref="LoadOptions.ServerPid"/> is set.</summary>
    public LoadServerUse? Server { get; init; }

    /// <summary>Processor time of this process by operation, in microseconds; null without one.</summary>
    public double? GeneratorMicrosecondsPerOperation { get; init; }

    /// <summary>What went wrong, a sentence each; empty when nothing did.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>Operations a second.</summary>
    public double PerSecond => Measured > TimeSpan.Zero ? Operations / Measured.TotalSeconds : 0;

    /// <summary>Whether nothing went wrong; a command exits with 0 then.</summary>
    public bool IsSuccess => Problems.Count == 0;
}
