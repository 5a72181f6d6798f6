using System.Text;
using Stratum.Client;
using Stratum.Server;

namespace Stratum.Simulation.Tests;

public sealed class LoadEngineTests
{
    [Fact]
    public void Act_SessionBreaksWhileAllAreFilled_IsLostAndTheOthersAreServed()
    {
        var options = new LoadOptions { Url = new StratumUrl("127.0.0.1", 1), Mode = LoadMode.Submit, Window = 2, Connections = 3 };
        var carrier = new NoCarrier();
        var output = new LoopOutput();
        var course = new LoadCourse(options);
        var engine = new LoadEngine(options, course);
        engine.Begin(carrier);
        engine.Act(output);
        Assert.Equal(3, carrier.Links.Count);
        foreach (LoadPeer peer in carrier.Links.Keys)
        {
            engine.Connected(peer, output);
            Assert.True(Receive(engine, peer, $$"""
                {"id":1,"result":[[],"0a0b0c0d",4],"error":null}
                {"id":2,"result":true,"error":null}
                {{FakePeer.Job}}

                """));
        }

        Assert.Equal((3, 3), (engine.Sessions, course.Sessions));
        // All but the first are answered: there is room in its window, and none behind its oldest share.
        LoadPeer full = carrier.Links.Keys.First();
        for (int id = 10_000_000; id < 10_000_000 + Waiting.Most; id++)
        {
            output.Clear();
            full.Submit(1, output);
            if (id > 10_000_000)
            {
                Assert.True(Receive(engine, full, $$"""{"id":{{id}},"result":true,"error":null}""" + "\n"));
            }
        }

        engine.BeginWork();
        engine.Act(output);

        Assert.Equal((2, 2, 1, 1), (engine.Sessions, course.Sessions, engine.LostConnections, engine.LostReplies));
        Assert.Contains("unanswered", Assert.Single(engine.Problems), StringComparison.Ordinal);
        Assert.Equal(LoadState.Broken, full.State);
        Assert.All(carrier.Links, one => Assert.Equal(one.Key == full, one.Value.IsClosed));
        Assert.All(carrier.Links.Keys.Where(one => one != full), one => Assert.Equal((LoadState.Ready, 2), (one.State, one.Outstanding)));
    }

    private static bool Receive(LoadEngine engine, LoadPeer peer, string text) =>
        engine.Received(peer, Encoding.UTF8.GetBytes(text), 1, new LoopOutput());

    private sealed class NoCarrier : ILoadCarrier
    {
        public Dictionary<LoadPeer, NoLink> Links { get; } = [];

        public ILoadLink Open(LoadPeer peer) => Links[peer] = new NoLink();

        public void Wake()
        {
        }

        public void WakeAfter(long nanoseconds)
        {
        }

        public Task StopAsync() => Task.CompletedTask;
    }

    private sealed class NoLink : ILoadLink
    {
        public bool IsClosed { get; private set; }

        public void Send(ReadOnlySpan<byte> bytes) => Assert.False(IsClosed);

        public void Close() => IsClosed = true;
    }
}
