using System.Net;

namespace Stratum.Server.Tests;

public sealed class PeerAddressTests
{
    [Theory]
    [InlineData("0200c350c0000207", "192.0.2.7", 50000)]
    [InlineData("0a00c3500000000020010db8000000000000000000000001", "2001:db8::1", 50000)]
    [InlineData("0a0000500000000000000000000000000000ffffc0000207", "192.0.2.7", 80)]
    public void Read_EachFamily_AddressAndPort(string hex, string address, int port) =>
        Assert.Equal(new IPEndPoint(IPAddress.Parse(address), port), PeerAddress.Read(Bytes(hex)));

    [Fact]
    public void Read_LinkLocal_KeepsTheScope() =>
        Assert.Equal("[fe80::1%3]:80", PeerAddress.Read(Bytes("0a00005000000000fe80000000000000000000000000000103000000"))!.ToString());

    [Fact]
    public void Read_AnotherFamily_Null() => Assert.Null(PeerAddress.Read(Bytes("0100")));

    // Family and scope as the processor writes them: little-endian on both that the loop runs on.
    private static byte[] Bytes(string hex) => [.. Convert.FromHexString(hex), .. new byte[PeerAddress.Size]];
}
