using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Stratum.Server;

/// <summary>
/// Where the members of the kernel's <c>struct epoll_event { uint32_t events; uint64_t data; }</c> lie: packed on
/// x64, naturally aligned everywhere else.
/// </summary>
internal readonly record struct EpollLayout(int Size, int DataOffset)
{
    /// <summary>The layout of this process.</summary>
    public static EpollLayout Current { get; } = Of(RuntimeInformation.ProcessArchitecture);

    public static EpollLayout Of(Architecture architecture) =>
        architecture == Architecture.X64 ? new EpollLayout(12, 4) : new EpollLayout(16, 8);

    public void Write(Span<byte> target, uint events, ulong data)
    {
        target[..Size].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(target, events);
        BinaryPrimitives.WriteUInt64LittleEndian(target[DataOffset..], data);
    }

    public (uint Events, ulong Data) Read(ReadOnlySpan<byte> list, int index)
    {
        var one = list.Slice(index * Size, Size);
        return (BinaryPrimitives.ReadUInt32LittleEndian(one), BinaryPrimitives.ReadUInt64LittleEndian(one[DataOffset..]));
    }
}
