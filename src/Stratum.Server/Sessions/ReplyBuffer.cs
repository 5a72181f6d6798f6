using System.Buffers;

namespace Stratum.Server;

/// <summary>Bytes that wait to be sent, in a pooled array that exists only while there are any.</summary>
internal sealed class ReplyBuffer(OutputBudget? budget = null) : IBufferWriter<byte>
{
    private const int FirstSize = 512;
    private byte[] _bytes = [];
    private int _start;
    private int _end;

    public int Length => _end - _start;

    public void Advance(int count) => _end += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _bytes.AsMemory(_end);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _bytes.AsSpan(_end);
    }

    /// <summary>Moves at most so many bytes to a writer and gives the array back when it is empty.</summary>
    public void MoveTo(IBufferWriter<byte> destination, int most)
    {
        var count = Math.Min(most, Length);
        destination.Write(_bytes.AsSpan(_start, count));
        _start += count;
        if (_start == _end)
            Release();
    }

    public void Release()
    {
        Count(-_bytes.Length);
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        _start = _end = 0;
    }

    // Small arrays come and go with every answer: they are not worth a counter that all cores share.
    private void Count(int bytes)
    {
        if (Math.Abs(bytes) > OutputBudget.AlwaysAllowed)
            budget?.Add(bytes);
    }

    private void Reserve(int count)
    {
        if (_bytes.Length - _end >= count)
            return;
        var bytes = _bytes;
        if (_start == 0 || Length + count > _bytes.Length)
            bytes = ArrayPool<byte>.Shared.Rent(Math.Max(FirstSize, Math.Max(_bytes.Length * 2, Length + count)));
        _bytes.AsSpan(_start, Length).CopyTo(bytes);
        if (!ReferenceEquals(bytes, _bytes))
        {
            Count(bytes.Length);
            Count(-_bytes.Length);
            if (_bytes.Length > 0)
                ArrayPool<byte>.Shared.Return(_bytes);
        }
        _end -= _start;
        _start = 0;
        _bytes = bytes;
    }
}
