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
}
