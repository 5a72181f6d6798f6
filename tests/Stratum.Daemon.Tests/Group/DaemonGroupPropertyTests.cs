using Stratum.Testing;

namespace Stratum.Daemon.Tests;

/// <summary>Whatever three daemons do: as long as one of them works in the end, its work is given.</summary>
public sealed class DaemonGroupPropertyTests
{
    private static readonly RawHttpReply[] Troubles =
    [
        RawHttpReply.Error(-28, "Loading..."),
        RawHttpReply.Error(-9, "not connected"),
        RawHttpReply.Unauthorized,
        RawHttpReply.Of(503, "Work queue depth exceeded"),
        RawHttpReply.Of(200, "<html>", "text/html"),
        RawHttpReply.Result("17"),
        RawHttpReply.Text("", close: true),
        RawHttpReply.Text("HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{", close: true),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task TemplatesAsync_AnySequenceOfFailuresAndRecoveries_EndsWithWorkIfOneIsAlive(int seed)
    {
        var random = new Random(seed);
        FakeDaemon[] fakes = [new(), new(), new()];
        var troubles = new RawHttpReply?[3];
        for (int i = 0; i < 3; i++)
        {
            int me = i;
            fakes[i].Mood = _ => Volatile.Read(ref troubles[me]);
        }

        await using (var reading = new GroupReading([.. fakes.Select(f => TemplateReading.Options(f.Url) with
        {
            TipCheckInterval = TimeSpan.FromMilliseconds(10),
            TipCheckTimeout = TimeSpan.FromMilliseconds(50),
            CallTimeout = TimeSpan.FromMilliseconds(500),
            JobInterval = TimeSpan.FromMilliseconds(40),
            MaxRetryDelay = TimeSpan.FromMilliseconds(10),
        })]))
        {
            for (int step = 0; step < 60; step++)
            {
                Act(random, random.Next(3));
                await Task.Delay(random.Next(4), TestContext.Current.CancellationToken);
                reading.Ask();
                if (!reading.IsWaiting)
                {
                    await reading.NextAsync();
                }
            }

            int alive = random.Next(3);
            for (int i = 0; i < 3; i++)
            {
                Volatile.Write(ref troubles[i], i == alive ? null : Troubles[random.Next(Troubles.Length)]);
                fakes[i].Frozen = i != alive && random.Next(2) == 0;
            }

            // Not only what it had in hand: also what comes after.
            for (int block = 0; block < 3; block++)
            {
                fakes[alive].NewBlock();
                while ((await reading.NextTemplateAsync()).Template.PreviousBlock.ToString() != fakes[alive].BestBlock)
                {
                }

                await reading.UntilAsync(() => reading.Group.Current == reading.Group.Daemons[alive]);
            }
        }

        foreach (FakeDaemon fake in fakes)
        {
            await fake.DisposeAsync();
        }

        void Act(Random random, int who)
        {
            switch (random.Next(9))
            {
                case 0 or 1:
                    Volatile.Write(ref troubles[who], Troubles[random.Next(Troubles.Length)]);
                    break;
                case 2 or 3:
                    Volatile.Write(ref troubles[who], null);
                    fakes[who].Frozen = false;
                    break;
                case 4:
                    fakes[who].Frozen = true;
                    break;
                case 5:
                    fakes[who].NewBlock();
                    break;
                case 6:
                    fakes[who].GoBack();
                    break;
                case 7:
                    fakes[who].Reorganize();
                    break;
                default:
                    fakes[who].SetHeight(random.Next(90, 110));
                    break;
            }
        }
    }
}
