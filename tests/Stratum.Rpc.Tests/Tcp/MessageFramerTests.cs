using System.Diagnostics;
using System.Text;

namespace Stratum.Rpc.Tests;

public sealed class MessageFramerTests
{
    public static TheoryData<string, string[]> Streams => new()
    {
        { "{}", ["{}"] },
        { "[]", ["[]"] },
        { " \t\r\n\0{\"a\":1}\n\0\n[2]{}", ["{\"a\":1}", "[2]", "{}"] },
        { "{\"a\":\"}]\\\"{\\\\\"}[\"\\\\\",\"]\"]", ["{\"a\":\"}]\\\"{\\\\\"}", "[\"\\\\\",\"]\"]"] },
        { "[[{\"é\":[{}]}]]x", ["[[{\"é\":[{}]}]]", "garbage"] },
        { "{]", ["{]"] },
        { "\"{}\"", ["garbage"] },
        { "7", ["garbage"] },
        { "}", ["garbage"] },
        { "{\"a", [] },
        { " \n ", [] },
    };

    [Theory]
    [MemberData(nameof(Streams))]
    public void Read_InEverySplit_SameMessages(string stream, string[] messages)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(stream);
        for (int split = 0; split <= bytes.Length; split++)
        {
            var framer = new MessageFramer(1000);
            List<string> found = Take(framer, bytes.AsMemory(0, split));
            found.AddRange(Take(framer, bytes.AsMemory(split)));
            Assert.Equal(messages, Once(found));
        }

        var slow = new MessageFramer(1000);
        Assert.Equal(messages, Once([.. bytes.SelectMany(one => Take(slow, new[] { one }))]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public void Read_AtTheLimit_OneMoreIsTooLong(int piece)
    {
        foreach ((int length, string outcome) in new[] { (100, "message"), (101, "too long") })
        {
            var framer = new MessageFramer(100);
            byte[] bytes = Encoding.UTF8.GetBytes($"[{new string(' ', length - 2)}]");
            var found = bytes.Chunk(piece).SelectMany(part => Take(framer, part)).ToList();
            Assert.Equal(outcome, Once(found) is [['[', ..]] ? "message" : Assert.Single(Once(found)));
            Assert.Equal(0, framer.PendingBytes);
        }
    }

    [Fact]
    public void PendingBytes_BetweenAndInside_AreWhatIsHeld()
    {
        var framer = new MessageFramer(100);
        Take(framer, "  "u8.ToArray());
        Assert.Equal(0, framer.PendingBytes);
        Take(framer, "{\"a\""u8.ToArray());
        Assert.Equal(4, framer.PendingBytes);
        Take(framer, ":1}["u8.ToArray());
        Assert.Equal(1, framer.PendingBytes);
    }

    [Fact]
    public void Read_AMegabyteByteByByte_CostsNoMoreThanItsBytes()
    {
        // Looking at all again for each byte would take 10^12 steps: hours.
        byte[] bytes = Encoding.UTF8.GetBytes("[" + string.Concat(Enumerable.Repeat("\"a\\\"\",", 200_000)) + "1]");
        var framer = new MessageFramer(bytes.Length);
        var watch = Stopwatch.StartNew();
        int messages = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            ReadOnlyMemory<byte> input = bytes.AsMemory(i, 1);
            messages += framer.Read(ref input, out _) == FrameStatus.Message ? 1 : 0;
        }

        Assert.Equal(1, messages);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"{watch.Elapsed}");
    }

    private static List<string> Take(MessageFramer framer, ReadOnlyMemory<byte> input)
    {
        var found = new List<string>();
        while (true)
        {
            switch (framer.Read(ref input, out ReadOnlyMemory<byte> message))
            {
                case FrameStatus.NeedMore:
                    Assert.True(input.IsEmpty);
                    return found;
                case FrameStatus.Message:
                    found.Add(Encoding.UTF8.GetString(message.Span));
                    break;
                case FrameStatus.Garbage:
                    return [.. found, "garbage"];
                default:
                    return [.. found, "too long"];
            }
        }
    }

    // An end stays one, however often it is asked for.
    private static List<string> Once(List<string> found) =>
        [.. found.Where((one, i) => i == 0 || one != found[i - 1] || one is not ("garbage" or "too long"))];
}
