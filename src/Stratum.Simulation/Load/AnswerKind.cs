namespace Stratum.Simulation;

/// <summary>What became of a share, in the order of <see cref="LoadAnswers"/>.</summary>
internal enum AnswerKind
{
    Accepted,
    LowDifficulty,
    Stale,
    Duplicate,
    OtherRefused,
}
