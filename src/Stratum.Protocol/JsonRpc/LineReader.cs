using System.Buffers;

namespace Stratum.Protocol;

/// <summary>
/// Cuts a byte stream into lines that end with LF, in whatever pieces the bytes arrive. A line that lies whole in
/// the input is handed out where it is; only an unfinished tail is copied, to a pooled buffer that exists no longer
/// than the tail does. Each byte is looked at once, so a peer that sends one byte at a time costs no more than that.
/// A mutable struct: keep it in a field and do not copy it.
/// </summary>
/// <remarks>
/// Spaces, tabs, CR and NUL at both ends of a line are dropped and lines of nothing else are skipped: CRLF is common,
/// and C programs that send a string with its terminator put a NUL before the next line.
/// </remarks>
public struct LineReader : IDisposable
{
    private const int FirstBuffer = 256; // most requests of miners are shorter

    private readonly int _maxLength;
    private byte[]? _tail;
    private int _length;
    private bool _lent; // the caller may still look at the line in _tail
    private bool _tooLong;

    /// <summary>Makes a reader.</summary>
    /// <param name="maxLength">The longest line in bytes, without its LF; a line of exactly this length passes.</param>
    public LineReader(int maxLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxLength);
        _maxLength = maxLength;
    }

    private static ReadOnlySpan<byte> Blanks => " \t\r\0"u8;

    /// <summary>How many bytes of an unfinished line are held: 0 between lines.</summary>
    public readonly int PendingBytes => _lent ? 0 : _length;

    /// <summary>Takes one line from the front of <paramref name="input"/>. Call until it needs more.</summary>
    /// <param name="input">What arrived; shortened by what was taken.</param>
    /// <param name="line">The line without its LF, never blank; valid until the next call.</param>
    /// <returns>Whether there is a line.</returns>
    public LineStatus TryReadLine(ref ReadOnlySpan<byte> input, out ReadOnlySpan<byte> line)
    {
        line = default;
        if (_lent)
        {
            _lent = false;
            _length = 0;
        }

        while (!_tooLong)
        {
            int end = input.IndexOf((byte)'\n');
            ReadOnlySpan<byte> piece = end < 0 ? input : input[..end];
            if (piece.Length > _maxLength - _length)
            {
                break;
            }

            if (end < 0)
            {
                input = default;
                if (_length + piece.Length == 0)
                {
                    Release();
                }
                else
                {
                    Append(piece);
                }

                return LineStatus.NeedMore;
            }

            input = input[(end + 1)..];
            if (_length > 0)
            {
                Append(piece);
                piece = _tail.AsSpan(0, _length);
            }

            piece = piece.Trim(Blanks);
            if (!piece.IsEmpty)
            {
                _lent = _length > 0;
                line = piece;
                return LineStatus.Line;
            }

            _length = 0;
        }

        _tooLong = true;
        input = default;
        Release();
        return LineStatus.TooLong;
    }

    /// <summary>Gives the buffer back. The last line handed out is no longer valid.</summary>
    public void Dispose() => Release();

    private void Append(ReadOnlySpan<byte> piece)
    {
        int needed = _length + piece.Length;
        if (_tail is null || _tail.Length < needed)
        {
            byte[] bigger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Max(FirstBuffer, 2 * _length)));
            _tail.AsSpan(0, _length).CopyTo(bigger);
            if (_tail is not null)
            {
                ArrayPool<byte>.Shared.Return(_tail);
            }

            _tail = bigger;
        }

        piece.CopyTo(_tail.AsSpan(_length));
        _length = needed;
    }

    private void Release()
    {
        if (_tail is not null)
        {
            ArrayPool<byte>.Shared.Return(_tail);
            _tail = null;
        }

        _length = 0;
        _lent = false;
    }
}
