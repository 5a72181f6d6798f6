using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Stratum.Mining;

/// <summary>
/// SHA-256 of what is appended, on the stack. A copy continues on its own. Fields are not cleared: begin with
/// <see cref="Start"/>.
/// </summary>
internal unsafe ref struct Sha256Stream
{
    private fixed uint _state[Libcrypto.ContextWords];
    private fixed byte _block[64];
    private long _length;
    private bool _native;

    /// <summary>A new hash.</summary>
    /// <param name="native">By libcrypto, which must be present; else in C#.</param>
    public void Start(bool native)
    {
        _native = native;
        _length = 0;
        fixed (uint* state = _state)
            Sha256Constants.Start.CopyTo(new Span<uint>(state, 8));
    }

    /// <summary>Adds bytes.</summary>
    public void Append(scoped ReadOnlySpan<byte> data)
    {
        fixed (uint* state = _state)
        fixed (byte* block = _block)
        fixed (byte* source = data)
        {
            var filled = (int)_length & 63;
            _length += data.Length;
            var taken = 0;
            if (filled > 0)
            {
                taken = Math.Min(64 - filled, data.Length);
                data[..taken].CopyTo(new Span<byte>(block + filled, taken));
                if (filled + taken < 64)
                    return;
                Compress(state, block);
            }
            for (; data.Length - taken >= 64; taken += 64)
                Compress(state, source + taken);
            data[taken..].CopyTo(new Span<byte>(block, 64));
        }
    }

    /// <summary>Writes the 32 bytes of the hash; the stream must be started again then.</summary>
    public void Finish(scoped Span<byte> hash)
    {
        fixed (uint* state = _state)
        fixed (byte* block = _block)
        {
            var padding = new Span<byte>(block, 64);
            var filled = (int)_length & 63;
            block[filled] = 0x80;
            padding[(filled + 1)..].Clear();
            if (filled >= 56)
            {
                Compress(state, block);
                padding.Clear();
            }
            BinaryPrimitives.WriteInt64BigEndian(padding[56..], _length * 8);
            Compress(state, block);
            BinaryPrimitives.ReverseEndianness(new ReadOnlySpan<uint>(state, 8), new Span<uint>(state, 8));
            new ReadOnlySpan<byte>(state, 32).CopyTo(hash);
        }
    }

    /// <summary>The eight words after the whole blocks so far.</summary>
    public void CopyState(scoped Span<uint> words)
    {
        fixed (uint* state = _state)
            new ReadOnlySpan<uint>(state, 8).CopyTo(words);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Compress(uint* state, byte* block)
    {
        if (_native)
            Libcrypto.Compress(state, block);
        else
            ManagedSha256.Compress(state, block);
    }
}
