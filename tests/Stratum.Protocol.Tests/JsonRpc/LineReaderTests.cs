using System.Text;

namespace Stratum.Protocol.Tests;

public sealed class LineReaderTests
{
    [Fact]
    public void TryReadLine_SeveralLinesInOnePiece_GivesEachAndKeepsTheTail()
    {
        var reader = new LineReader(100);
        ReadOnlySpan<byte> input = "{\"a\":1}\n{\"b\":2}\n{\"c\""u8;

        Assert.Equal(LineStatus.Line, reader.TryReadLine(ref input, out ReadOnlySpan<byte> line));
        Assert.Equal("{\"a\":1}", Lines.Text(line));
        Assert.Equal(LineStatus.Line, reader.TryReadLine(ref input, out line));
        Assert.Equal("{\"b\":2}", Lines.Text(line));
        Assert.Equal(LineStatus.NeedMore, reader.TryReadLine(ref input, out line));
        Assert.True(input.IsEmpty);
        Assert.Equal(4, reader.PendingBytes);

        input = ":3}\nrest"u8;
        Assert.Equal(LineStatus.Line, reader.TryReadLine(ref input, out line));
        Assert.Equal("{\"c\":3}", Lines.Text(line));
        Assert.Equal("rest", Lines.Text(input));
        reader.Dispose();
    }

    [Theory]
    [InlineData("\r\n\n \t\r\n\0\nA\r\n\0B\0\n \0\r\n", new[] { "A", "B" })]
    [InlineData("\n\n\n", new string[0])]
    [InlineData("A\n\n\nB\n", new[] { "A", "B" })]
    [InlineData("a b\rc\0d\n", new[] { "a b\rc\0d" })]
    public void TryReadLine_BlankLinesCrAndNul_AreDroppedAtTheEnds(string stream, string[] expected)
    {
        for (int piece = 1; piece <= stream.Length; piece++)
        {
            Assert.Equal(expected, ReadAll(Encoding.UTF8.GetBytes(stream), piece, 100));
        }
    }

    [Theory]
    [MemberData(nameof(Golden.All), MemberType = typeof(Golden))]
    public void TryReadLine_AnyPieces_GiveTheSameLines(string golden)
    {
        byte[] stream = Lines.Utf8($"{golden}\n{golden}\r\n");
        foreach (int piece in (int[])[1, 2, 3, 7, stream.Length - 1, stream.Length])
        {
            Assert.Equal([golden, golden], ReadAll(stream, piece, 16384));
        }
    }

    [Fact]
    public void TryReadLine_RandomPieces_GiveTheSameLines()
    {
        var random = new Random(3);
        for (int round = 0; round < 200; round++)
        {
            string[] lines =
                [.. Enumerable.Range(0, random.Next(1, 20)).Select(_ => new string('x', random.Next(1, 700)))];
            byte[] stream = Lines.Utf8(string.Join('\n', lines) + "\n");
            var reader = new LineReader(700);
            var read = new List<string>();
            for (int at = 0; at < stream.Length;)
            {
                int size = Math.Min(random.Next(1, 900), stream.Length - at);
                ReadOnlySpan<byte> input = stream.AsSpan(at, size);
                at += size;
                while (reader.TryReadLine(ref input, out ReadOnlySpan<byte> line) == LineStatus.Line)
                {
                    read.Add(Lines.Text(line));
                }
            }

            Assert.Equal(lines, read);
            Assert.Equal(0, reader.PendingBytes);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1000)]
    public void TryReadLine_LineOfExactlyTheLimit_Passes(int piece)
    {
        Assert.Equal(["12345678"], ReadAll("12345678\n"u8.ToArray(), piece, 8));
        Assert.Throws<InvalidOperationException>(() => ReadAll("123456789\n"u8.ToArray(), piece, 8));
        Assert.Throws<InvalidOperationException>(() => ReadAll("123456789"u8.ToArray(), piece, 8));
        Assert.Throws<InvalidOperationException>(() => ReadAll("         "u8.ToArray(), piece, 8));
    }

    [Fact]
    public void TryReadLine_AfterTooLong_StaysTooLongAndHoldsNothing()
    {
        var reader = new LineReader(8);
        ReadOnlySpan<byte> input = "ok\n1234567890\nok\n"u8;

        Assert.Equal(LineStatus.Line, reader.TryReadLine(ref input, out _));
        Assert.Equal(LineStatus.TooLong, reader.TryReadLine(ref input, out ReadOnlySpan<byte> line));
        Assert.True(line.IsEmpty);
        input = "ok\n"u8;
        Assert.Equal(LineStatus.TooLong, reader.TryReadLine(ref input, out _));
        Assert.True(input.IsEmpty);
        Assert.Equal(0, reader.PendingBytes);
    }

    [Fact]
    public void TryReadLine_OneByteAtATime_LooksAtEachByteOnce()
    {
        // A reader that searches its whole tail again for each byte would read 8 MB x 8 MB / 2 and take hours.
        const int Length = 8_000_000;
        byte[] stream = new byte[Length + 1];
        stream.AsSpan().Fill((byte)'x');
        stream[Length] = (byte)'\n';

        string line = Assert.Single(ReadAll(stream, 1, Length));

        Assert.Equal(Length, line.Length);
    }

    [Fact]
    public void Constructor_LimitOfZero_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new LineReader(0));

    private static List<string> ReadAll(byte[] stream, int piece, int limit)
    {
        var reader = new LineReader(limit);
        var lines = new List<string>();
        for (int at = 0; at < stream.Length; at += piece)
        {
            ReadOnlySpan<byte> input = stream.AsSpan(at, Math.Min(piece, stream.Length - at));
            LineStatus status;
            while ((status = reader.TryReadLine(ref input, out ReadOnlySpan<byte> line)) == LineStatus.Line)
            {
                lines.Add(Lines.Text(line));
            }

            if (status == LineStatus.TooLong)
            {
                throw new InvalidOperationException("too long");
            }
        }

        reader.Dispose();
        return lines;
    }
}
