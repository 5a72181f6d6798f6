namespace Stratum.Server;

/// <summary>
/// A trial of the running system. What worked once works for the process; what did not is tried again, for descriptors may
/// have been short at that moment.
/// </summary>
/// <param name="run">Tries; what it gives is the problem, null when there is none. From any thread.</param>
internal sealed class Trial(Func<string?> run)
{
    private volatile bool _worked;

    /// <summary>The problem as it is now; null when there is none.</summary>
    public string? Problem
    {
        get
        {
            if (_worked)
                return null;
            var problem = run();
            _worked = problem is null;
            return problem;
        }
    }
}
