using System.Text;
using BenchmarkDotNet.Attributes;
using Stratum.Protocol;

namespace Stratum.Bench;

/// <summary>64 submits that arrive in pieces of this many bytes; figures are for one line.</summary>
public class ReadLines
{
    private const int Lines = 64;
    private readonly byte[] _stream = [.. Enumerable.Repeat((byte[])[.. Samples.SubmitLine, (byte)'\n'], Lines).SelectMany(line => line)];

    /// <summary>One byte at a time, a piece that is never a line, a TCP segment.</summary>
    [Params(1, 50, 1448)]
    public int Piece { get; set; }

    [Benchmark(Baseline = true, OperationsPerInvoke = Lines)]
    public int StringBuffer()
    {
        var (buffer, length) = ("", 0);
        for (var at = 0; at < _stream.Length; at += Piece)
        {
            buffer += Encoding.UTF8.GetString(_stream, at, Math.Min(Piece, _stream.Length - at));
            for (var end = buffer.IndexOf('\n'); end >= 0; end = buffer.IndexOf('\n'))
            {
                length += buffer[..end].Length;
                buffer = buffer[(end + 1)..];
            }
        }
        return length;
    }

    [Benchmark(OperationsPerInvoke = Lines)]
    public int Ours()
    {
        var reader = new LineReader(16 << 10);
        var length = 0;
        for (var at = 0; at < _stream.Length; at += Piece)
        {
            ReadOnlySpan<byte> input = _stream.AsSpan(at, Math.Min(Piece, _stream.Length - at));
            while (reader.TryReadLine(ref input, out var line) == LineStatus.Line)
                length += line.Length;
        }
        reader.Dispose();
        return length;
    }
}
