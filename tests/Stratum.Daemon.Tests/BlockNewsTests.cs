using Stratum.Mining;

namespace Stratum.Daemon.Tests;

/// <summary>One report, each reader.</summary>
public sealed class BlockNewsTests
{
    private static readonly Hash256 First = Hash256.Parse(new string('1', 64));
    private static readonly Hash256 Second = Hash256.Parse(new string('2', 64));

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly BlockNews _news = new();

    [Fact]
    public async Task Report_SeveralReaders_EachHearsOfIt()
    {
        using var end = new CancellationTokenSource();
        IAsyncEnumerator<Hash256> one = _news.BlocksAsync(end.Token).GetAsyncEnumerator(end.Token);
        IAsyncEnumerator<Hash256> other = _news.BlocksAsync(end.Token).GetAsyncEnumerator(end.Token);
        Task<bool> oneHears = one.MoveNextAsync().AsTask();
        Task<bool> otherHears = other.MoveNextAsync().AsTask();

        Assert.True(_news.Report(First));

        Assert.True(await oneHears.WaitAsync(Patience));
        Assert.True(await otherHears.WaitAsync(Patience));
        Assert.Equal((First, First), (one.Current, other.Current));
        await one.DisposeAsync();
        await other.DisposeAsync();
    }

    [Fact]
    public async Task Report_TheSameTwice_IsToldAgainAndNoNews()
    {
        using var end = new CancellationTokenSource();
        IAsyncEnumerator<Hash256> reader = _news.BlocksAsync(end.Token).GetAsyncEnumerator(end.Token);
        Task<bool> hears = reader.MoveNextAsync().AsTask();
        Assert.True(_news.Report(First));
        Assert.True(await hears.WaitAsync(Patience));
        Task<bool> hearsAgain = reader.MoveNextAsync().AsTask();

        Assert.False(_news.Report(First));

        Assert.True(await hearsAgain.WaitAsync(Patience));
        Assert.Equal(First, reader.Current);
        Assert.True(_news.Report(Second));
        await reader.DisposeAsync();
    }

    [Fact]
    public async Task Report_ReaderIsLate_ItHearsOfTheNewest()
    {
        using var end = new CancellationTokenSource();
        IAsyncEnumerator<Hash256> reader = _news.BlocksAsync(end.Token).GetAsyncEnumerator(end.Token);
        Task<bool> hears = reader.MoveNextAsync().AsTask();
        _news.Report(First);
        await hears.WaitAsync(Patience);

        for (int i = 0; i < 1000; i++)
        {
            _news.Report(Hash256.Parse(i.ToString("x64")));
        }

        Assert.True(await reader.MoveNextAsync().AsTask().WaitAsync(Patience));
        Assert.Equal(Hash256.Parse(999.ToString("x64")), reader.Current);
        await reader.DisposeAsync();
    }

    [Fact]
    public async Task BlocksAsync_ItsTokenIsCancelled_Ends()
    {
        using var end = new CancellationTokenSource();
        IAsyncEnumerator<Hash256> reader = _news.BlocksAsync(end.Token).GetAsyncEnumerator(end.Token);
        Task<bool> hears = reader.MoveNextAsync().AsTask();

        await end.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hears);
        Assert.True(_news.Report(First));
    }
}
