using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Stratum.Mining;

/// <summary>A header without its nonce, as the kernels take it.</summary>
internal unsafe struct Sha256dWork
{
    /// <summary>The state behind the first 64 bytes, which no nonce changes.</summary>
    public fixed uint Midstate[8];

    /// <summary>The three words before the nonce: end of the merkle root, time, bits.</summary>
    public fixed uint Tail[3];

    public static Sha256dWork Of(ReadOnlySpan<byte> header)
    {
        var work = default(Sha256dWork);
        Unsafe.SkipInit(out Sha256Stream stream);
        stream.Start(Libcrypto.IsPresent);
        stream.Append(header[..64]);
        stream.CopyState(new Span<uint>(work.Midstate, 8));
        for (var i = 0; i < 3; i++)
            work.Tail[i] = BinaryPrimitives.ReadUInt32BigEndian(header[(64 + 4 * i)..]);
        return work;
    }
}
