using System.Buffers;

namespace Stratum.Rpc;

/// <summary>
/// Cuts a byte stream into JSON objects and arrays, one after the other, with or without blanks and line ends between
/// them, in whatever pieces the bytes arrive. Each byte is looked at once. Whether a message is JSON inside is for
/// its reader to say.
/// </summary>
public sealed class MessageFramer
{
    private static readonly SearchValues<byte> s_structure = SearchValues.Create("\"{}[]"u8);
    private static readonly SearchValues<byte> s_inString = SearchValues.Create("\"\\"u8);

    private readonly int _maxBytes;
    private ArrayBufferWriter<byte>? _tail;
    private int _depth;
    private bool _inString;
    private bool _escaped;
    private FrameStatus _end = FrameStatus.NeedMore;

    /// <summary>Makes a framer.</summary>
    /// <param name="maxBytes">The longest message; one of exactly this length passes.</param>
    public MessageFramer(int maxBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxBytes);
        _maxBytes = maxBytes;
    }

    /// <summary>How many bytes of an unfinished message are held; 0 between messages.</summary>
    public int PendingBytes => _tail?.WrittenCount ?? 0;

    /// <summary>Takes one message from the front of <paramref name="input"/>. Call until it needs more.</summary>
    /// <param name="input">What arrived; shortened by what was taken.</param>
    /// <param name="message">The message, valid as long as the input's bytes.</param>
    public FrameStatus Read(ref ReadOnlyMemory<byte> input, out ReadOnlyMemory<byte> message)
    {
        message = default;
        if (_end != FrameStatus.NeedMore)
        {
            return _end;
        }

        if (_depth == 0)
        {
            // C programs that send a string with its terminator put a NUL before the next message.
            input = input.TrimStart(" \t\r\n\0"u8);
            if (input.IsEmpty)
            {
                return FrameStatus.NeedMore;
            }

            if (input.Span[0] is not ((byte)'{' or (byte)'['))
            {
                return End(FrameStatus.Garbage);
            }
        }

        int length = Scan(input.Span);
        if (PendingBytes + length > _maxBytes)
        {
            return End(FrameStatus.TooLong);
        }

        ReadOnlyMemory<byte> piece = input[..length];
        input = input[length..];
        if (_depth > 0)
        {
            (_tail ??= new ArrayBufferWriter<byte>()).Write(piece.Span);
            return FrameStatus.NeedMore;
        }

        message = piece;
        if (_tail is not null)
        {
            _tail.Write(piece.Span);
            message = _tail.WrittenMemory;
            _tail = null;
        }

        return FrameStatus.Message;
    }

    private FrameStatus End(FrameStatus status)
    {
        _tail = null;
        _end = status;
        return status;
    }

    // To the end of the message, or of the bytes.
    private int Scan(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        while (at < bytes.Length)
        {
            if (_escaped)
            {
                _escaped = false;
                at++;
                continue;
            }

            int next = bytes[at..].IndexOfAny(_inString ? s_inString : s_structure);
            if (next < 0)
            {
                break;
            }

            at += next + 1;
            switch (bytes[at - 1])
            {
                case (byte)'"':
                    _inString = !_inString;
                    break;
                case (byte)'\\':
                    _escaped = true;
                    break;
                case (byte)'{' or (byte)'[':
                    _depth++;
                    break;
                default:
                    _depth--;
                    break;
            }

            if (_depth == 0)
            {
                return at;
            }
        }

        return bytes.Length;
    }
}
