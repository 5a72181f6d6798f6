namespace Stratum.Client.Tests;

internal static class ClientExtensions
{
    /// <summary>Reads the stream of jobs by hand.</summary>
    public static IAsyncEnumerator<ClientJob> ReadJobs(this StratumClient client) => client.Jobs().GetAsyncEnumerator();

    public static async Task<ClientJob> NextAsync(this IAsyncEnumerator<ClientJob> jobs)
    {
        Assert.True(await jobs.MoveNextAsync().AsTask().WaitAsync(FakePool.Patience));
        return jobs.Current;
    }

    /// <summary>A task that ends with the next error that the client reports.</summary>
    public static Task<ClientProtocolError> NextProtocolError(this StratumClient client)
    {
        var source = new TaskCompletionSource<ClientProtocolError>(TaskCreationOptions.RunContinuationsAsynchronously);
        client.ProtocolError += (_, error) => source.TrySetResult(error);
        return source.Task.WaitAsync(FakePool.Patience);
    }

    /// <summary>A task that ends when the client has lost its connection.</summary>
    public static Task<ClientDisconnected> NextDisconnect(this StratumClient client)
    {
        var source = new TaskCompletionSource<ClientDisconnected>(TaskCreationOptions.RunContinuationsAsynchronously);
        client.Disconnected += (_, value) =>
        {
            source.TrySetResult(value);
            return ValueTask.CompletedTask;
        };
        return source.Task.WaitAsync(FakePool.Patience);
    }

    public static Task<ClientConnected> NextConnect(this StratumClient client)
    {
        var source = new TaskCompletionSource<ClientConnected>(TaskCreationOptions.RunContinuationsAsynchronously);
        client.Connected += (_, value) =>
        {
            source.TrySetResult(value);
            return ValueTask.CompletedTask;
        };
        return source.Task.WaitAsync(FakePool.Patience);
    }

    /// <summary>Everything sent before this call has been read and dealt with when it ends.</summary>
    public static async Task SettleAsync(this StratumClient client, FakePoolConnection pool)
    {
        var call = client.CallAsync("test.settle");
        await pool.AnswerAsync(await pool.ExpectAsync("test.settle"), "\"result\":true,\"error\":null");
        await call.WaitAsync(FakePool.Patience);
    }
}
