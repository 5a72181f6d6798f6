using Microsoft.Extensions.Logging.Abstractions;

namespace Stratum.Tests;

/// <summary>In order up, in reverse down, and never half.</summary>
public sealed class PartSequenceTests
{
    private readonly List<string> _seen = [];
    private readonly PartSequence _parts = new(new NodeLog(NullLogger.Instance));

    [Fact]
    public async Task StartAndStop_InOrderAndInReverse()
    {
        await _parts.StartAsync([Part("one"), Part("two"), Part("three")], CancellationToken.None);
        await _parts.StopAsync();

        Assert.Equal(["+one", "+two", "+three", "-three", "-two", "-one"], _seen);
    }

    [Fact]
    public async Task StartAsync_OneFails_ThoseBeforeItAreStoppedAndItIsNamed()
    {
        var error = await Assert.ThrowsAsync<NodeStartException>(() => _parts.StartAsync(
            [Part("one"), Part("two"), Part("bad", new IOException("port 1 is taken")), Part("four")], CancellationToken.None));

        Assert.Equal(["+one", "+two", "-two", "-one"], _seen);
        Assert.Equal(("bad", "bad did not start: port 1 is taken"), (error.Part, error.Message));
        await _parts.StopAsync();
        Assert.Equal(4, _seen.Count);
    }

    [Fact]
    public async Task StartAsync_Cancelled_StopsWhatRanAndIsNoFailure()
    {
        using var stop = new CancellationTokenSource();
        var waiting = new NodePart("slow", async token =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, token);
        }, () => Task.CompletedTask);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _parts.StartAsync([Part("one"), waiting], stop.Token));

        Assert.Equal(["+one", "-one"], _seen);
    }

    [Fact]
    public async Task StopAsync_OneFails_TheOthersAreStopped()
    {
        await _parts.StartAsync(
            [Part("one"), new NodePart("bad", _ => Task.CompletedTask, () => throw new IOException("no")), Part("three")],
            CancellationToken.None);

        await _parts.StopAsync();

        Assert.Equal(["+one", "+three", "-three", "-one"], _seen);
    }

    private NodePart Part(string name, Exception? failure = null) => new(name,
        _ =>
        {
            if (failure is not null)
                throw failure;
            _seen.Add("+" + name);
            return Task.CompletedTask;
        },
        () =>
        {
            _seen.Add("-" + name);
            return Task.CompletedTask;
        });
}
