using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Stratum.Mining;

namespace Stratum.Daemon.Tests;

/// <summary>Others who hear of blocks: quick when they work, harmless when they do not.</summary>
public sealed class BlockSourceTests
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);

    private readonly SteppedTime _time = new();

    [Fact]
    public async Task BlockSources_TellOfABlock_ItComesAtOnce()
    {
        var source = new ListedSource();
        await using var fake = new FakeDaemon { LongPollHangs = true };
        await using var reading = new TemplateReading(TemplateReading.Options(fake.Url, _time) with
        {
            BlockSources = [source],
        });
        await reading.NextAsync();

        fake.NewBlock();
        source.Tell(fake.BestBlock);

        Assert.Equal(103, (await reading.NextAsync()).Height);
    }

    [Fact]
    public async Task BlockSources_WithoutLongPoll_AreEnough()
    {
        var source = new ListedSource();
        await using var fake = new FakeDaemon();
        await using var reading = new TemplateReading(TemplateReading.Options(fake.Url, _time) with
        {
            BlockSources = [source],
            UseLongPoll = false,
        });
        await reading.NextAsync();

        fake.NewBlock();
        source.Tell(fake.BestBlock);

        Assert.Equal(103, (await reading.NextAsync()).Height);
        Assert.Empty(fake.LongPolls);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task BlockSources_ThrowOrEnd_AreStartedAgainAndWorkGoesOn(bool throws)
    {
        var source = new ListedSource();
        await using var fake = new FakeDaemon();
        await using var reading = new TemplateReading(TemplateReading.Options(fake.Url, _time) with
        {
            BlockSources = [source],
        });
        await reading.NextAsync();
        source.End(throws);
        reading.Ask();
        await fake.UntilAsync(f => f.LongPolls.Count == 1);
        fake.NewBlock();
        Assert.Equal(103, (await reading.NextAsync()).Height);

        await _time.ElapseAsync(FirstPause);
        await fake.UntilAsync(_ => source.Starts == 2);
        reading.Ask();
        fake.NewBlock();
        source.Tell(fake.BestBlock);

        Assert.Equal(104, (await reading.NextAsync()).Height);
        Assert.Equal([DaemonState.Ready], reading.States);
    }

    [Fact]
    public async Task BlockSources_BlockTheirThreadOrThrowWhenCalled_HarmNobody()
    {
        using var over = new ManualResetEventSlim();
        await using var fake = new FakeDaemon();
        await using var reading = new TemplateReading(TemplateReading.Options(fake.Url, _time) with
        {
            BlockSources = [new BadSource(over.Wait), new BadSource(() => throw new InvalidOperationException("bad"))],
        });

        await reading.NextAsync();
        fake.NewBlock();
        Assert.Equal(103, (await reading.NextAsync()).Height);
        await reading.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(reading.EndAsync);
        over.Set();
    }

    private sealed class ListedSource : IBlockSource
    {
        private volatile Channel<Hash256> _told = Channel.CreateUnbounded<Hash256>();
        private int _starts;

        public int Starts => Volatile.Read(ref _starts);

        public void Tell(string block) => _told.Writer.TryWrite(Hash256.Parse(block));

        public void End(bool throws)
        {
            Channel<Hash256> ended = _told;
            _told = Channel.CreateUnbounded<Hash256>();
            ended.Writer.Complete(throws ? new IOException("the socket is gone") : null);
        }

        public IAsyncEnumerable<Hash256> BlocksAsync(CancellationToken cancellationToken)
        {
            Channel<Hash256> now = _told;
            Interlocked.Increment(ref _starts);
            return now.Reader.ReadAllAsync(cancellationToken);
        }
    }

    private sealed class BadSource(Action what) : IBlockSource
    {
        public async IAsyncEnumerable<Hash256> BlocksAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            what();
            await Task.CompletedTask;
            yield break;
        }
    }
}
