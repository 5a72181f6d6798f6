using System.Runtime.InteropServices;

namespace Stratum.Server.Tests;

public sealed class EpollLayoutTests
{
    // <bits/epoll.h>: __EPOLL_PACKED on x86_64 only.
    [Theory]
    [InlineData(Architecture.X64, 12, 4)]
    [InlineData(Architecture.Arm64, 16, 8)]
    public void Of_EachArchitecture_AsTheKernelHasIt(Architecture architecture, int size, int data)
    {
        var layout = EpollLayout.Of(architecture);
        Assert.Equal((size, data), (layout.Size, layout.DataOffset));
        var bytes = new byte[2 * size];
        bytes.AsSpan().Fill(0xee);
        layout.Write(bytes.AsSpan(size), 0x11223344, 0x5566778899aabbcc);
        Assert.Equal([0x44, 0x33, 0x22, 0x11], bytes[size..(size + 4)]);
        Assert.Equal([0xcc, 0xbb, 0xaa, 0x99, 0x88, 0x77, 0x66, 0x55], bytes[(size + data)..(size + data + 8)]);
        Assert.Equal((0x11223344u, 0x5566778899aabbccul), layout.Read(bytes, 1));
        Assert.All(bytes[..size], value => Assert.Equal(0xee, value));
    }
}
