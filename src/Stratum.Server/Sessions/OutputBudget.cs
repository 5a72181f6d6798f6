namespace Stratum.Server;

/// <summary>The memory that answers may take that no peer reads, of all sessions together.</summary>
internal sealed class OutputBudget(long most)
{
    /// <summary>What a session may hold though the budget is spent: an honest peer's answers fit into it.</summary>
    public const int AlwaysAllowed = 16 * 1024;

    private long _held;

    public long Held => Volatile.Read(ref _held);

    public bool IsSpent => Held >= most;

    public void Add(long bytes) => Interlocked.Add(ref _held, bytes);
}
