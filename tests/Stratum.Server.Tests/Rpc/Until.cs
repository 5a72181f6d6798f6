namespace Stratum.Server.Tests;

/// <summary>Waits for a condition.</summary>
internal static class Until
{
    public static async Task TrueAsync(Func<bool> condition, string otherwise)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            Assert.False(patience.IsCancellationRequested, otherwise);
            await Task.Delay(5);
        }
    }

    /// <summary>Those of the tasks that have ended when so many have.</summary>
    public static async Task<List<Task<T>>> CountAsync<T>(IReadOnlyList<Task<T>> tasks, int count)
    {
        await TrueAsync(() => tasks.Count(task => task.IsCompleted) >= count, $"fewer than {count} ended");
        return [.. tasks.Where(task => task.IsCompleted)];
    }
}
