using System.Buffers;

namespace Stratum.Server;

/// <summary>What is sent next: grows for a long answer, and shrinks again.</summary>
internal sealed class LoopOutput : IBufferWriter<byte>
{
    private const int UsualSize = 4 * 1024;
    private const int MostKept = 256 * 1024;

    private byte[] _bytes = new byte[UsualSize];
    private int _length;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, _length);

    public void Clear()
    {
        _length = 0;
        if (_bytes.Length > MostKept)
            _bytes = new byte[UsualSize];
    }

    public void Advance(int count) => _length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsSpan(_length);
    }

    private void Reserve(int sizeHint)
    {
        var needed = _length + Math.Max(sizeHint, 1);
        if (needed > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(needed, 2 * _bytes.Length));
    }
}
