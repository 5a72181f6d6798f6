using Stratum.Testing;

namespace Stratum.Server.Tests;

public sealed class LagMeterTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMilliseconds(80);
    private readonly ManualTime _time = new();
    private readonly Queue<IThreadPoolWorkItem> _queue = new();
    private readonly List<bool> _changes = [];
    private readonly LagMeter _meter;

    public LagMeterTests() => _meter = new LagMeter(s_limit, _time, _queue.Enqueue, (busy, _) => _changes.Add(busy));

    [Fact]
    public void Sample_RunsAtOnce_NoLag()
    {
        _meter.Start();
        for (var i = 0; i < 10; i++)
        {
            _time.Advance(LagMeter.Pace);
            Assert.Single(_queue);
            _queue.Dequeue().Execute();
        }
        Assert.Equal(TimeSpan.Zero, _meter.Lag);
        Assert.False(_meter.Refuses(0));
        Assert.Empty(_changes);
    }

    [Fact]
    public void Sample_WaitsInTheQueue_CountsForAnEighth()
    {
        _meter.Start();
        _time.Advance(LagMeter.Pace);
        _time.Advance(TimeSpan.FromMilliseconds(400));
        _queue.Dequeue().Execute();
        Assert.Equal(TimeSpan.FromMilliseconds(50), _meter.Lag);
    }

    [Fact]
    public void Sample_ALoopIsLaterThanTheThreadPool_TheLatestCounts()
    {
        var asked = 0;
        _meter.Start(() => asked++, () => asked++);
        for (var i = 1; i <= 2; i++)
        {
            _time.Advance(LagMeter.Pace);
            Assert.Equal(2 * i, asked);
            _meter.Arrive();
            _queue.Dequeue().Execute();
            _time.Advance(TimeSpan.FromMilliseconds(400));
            Assert.Empty(_queue);
            var before = _meter.Lag;
            _meter.Arrive();
            Assert.InRange(_meter.Lag - before, TimeSpan.FromMilliseconds(43), TimeSpan.FromMilliseconds(50));
        }
    }

    [Fact]
    public void Sample_NotRunForLong_IsNotQueuedAgain()
    {
        _meter.Start();
        _time.Advance(LagMeter.Pace);
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Single(_queue);
        Assert.Equal(TimeSpan.FromSeconds(60), _meter.Behind);
        Assert.Equal(TimeSpan.Zero, _meter.Lag);
        _queue.Dequeue().Execute();
        _time.Advance(LagMeter.Pace);
        Assert.Single(_queue);
    }

    [Fact]
    public void Refuses_OnePauseOfAnyLength_NotYet()
    {
        _meter.Add(TimeSpan.FromHours(1));
        Assert.Equal(s_limit, _meter.Lag);
        Assert.False(_meter.Refuses(0));
        _meter.Add(TimeSpan.FromHours(1));
        Assert.True(_meter.Refuses(0));
        Assert.Equal([true], _changes);
    }

    [Theory]
    [InlineData(0.9, 0, 0)]
    [InlineData(1, 0, 0)]
    [InlineData(1.25, 0.24, 0.26)]
    [InlineData(1.5, 0.49, 0.51)]
    [InlineData(1.75, 0.74, 0.76)]
    [InlineData(2.01, 0.9999999, 1.1)]
    public void Refuses_LagBeyondTheLimit_ByGrowingProbability(double lag, double refused, double letIn)
    {
        for (var i = 0; i < 200; i++)
            _meter.Add(s_limit * lag);
        Assert.Equal(lag > 1, _meter.Refuses(refused));
        Assert.False(_meter.Refuses(letIn));
    }

    [Fact]
    public void Add_AfterTheWorst_RecoversWithinFourSecondsAndTellsOnce()
    {
        for (var i = 0; i < 1000; i++)
            _meter.Add(TimeSpan.FromHours(1));
        var samples = 0;
        for (; _meter.Refuses(0); samples++)
            _meter.Add(TimeSpan.Zero);
        Assert.InRange(samples * LagMeter.Pace, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4));
        // Around the limit nothing is told.
        Assert.Equal([true], _changes);
        for (var i = 0; i < 20; i++)
            _meter.Add(TimeSpan.Zero);
        Assert.Equal([true, false], _changes);
    }

    [Fact]
    public void Start_AfterAStopWhileBusy_TellsAnew()
    {
        _meter.Start();
        Flood();
        _meter.Stop();
        _meter.Start();
        _meter.Add(TimeSpan.Zero);
        Assert.Equal([true], _changes);
        Flood();
        Assert.Equal([true, true], _changes);

        void Flood()
        {
            for (var i = 0; i < 2; i++)
                _meter.Add(TimeSpan.FromHours(1));
        }
    }

    [Fact]
    public void Stop_SampleUnderWay_ComesToNothing()
    {
        _meter.Start();
        _time.Advance(TimeSpan.FromSeconds(5));
        _meter.Stop();
        _queue.Dequeue().Execute();
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Empty(_queue);
        Assert.Equal(TimeSpan.Zero, _meter.Lag);
    }
}
