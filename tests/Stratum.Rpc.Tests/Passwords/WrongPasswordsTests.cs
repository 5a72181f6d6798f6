using System.Net;
using Stratum.Testing;

namespace Stratum.Rpc.Tests;

public sealed class WrongPasswordsTests
{
    [Fact]
    public void Wait_AfterTheLast_UntilAMinuteAfterTheFirst()
    {
        var time = new ManualTime();
        var wrong = new WrongPasswords(3, time);
        IPAddress address = IPAddress.Parse("192.0.2.1");
        Assert.Equal(1, wrong.Add(address));
        time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(2, wrong.Add(address));
        Assert.Equal(TimeSpan.Zero, wrong.Wait(address));
        Assert.Equal(3, wrong.Add(address));
        Assert.Equal(TimeSpan.FromSeconds(40), wrong.Wait(address));
        Assert.Equal(TimeSpan.Zero, wrong.Wait(IPAddress.Parse("192.0.2.2")));
        time.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal(TimeSpan.Zero, wrong.Wait(address));
        Assert.Equal(0, wrong.AddressCount);
        Assert.Equal(1, wrong.Add(address));
    }

    [Fact]
    public void Add_AddressesOfOneNetworkOrMapped_AreOne()
    {
        var wrong = new WrongPasswords(2, new ManualTime());
        wrong.Add(IPAddress.Parse("2001:db8::1"));
        Assert.Equal(2, wrong.Add(IPAddress.Parse("2001:db8::ffff:1")));
        Assert.Equal(1, wrong.Add(IPAddress.Parse("2001:db8:0:1::1")));
        wrong.Add(IPAddress.Parse("192.0.2.1"));
        Assert.Equal(2, wrong.Add(IPAddress.Parse("::ffff:192.0.2.1")));
    }

    [Fact]
    public void Add_ManyAddresses_TableStaysSmallAndKeepsTheNewest()
    {
        var time = new ManualTime();
        var wrong = new WrongPasswords(1, time);
        for (int i = 0; i < 100_000; i++)
        {
            wrong.Add(new IPAddress(BitConverter.GetBytes(i)));
            time.Advance(TimeSpan.FromTicks(1));
        }

        Assert.InRange(wrong.AddressCount, 1, 4096);
        Assert.True(wrong.Wait(new IPAddress(BitConverter.GetBytes(99_999))) > TimeSpan.Zero);
    }

    [Fact]
    public void RpcPassword_Forms_AreThese()
    {
        Assert.Equal("5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8", RpcPassword.Hash("password"));
        Assert.Equal("cGFzc3dvcmQ=", RpcPassword.ToParameter("password"));
        Assert.True(RpcPassword.IsHash(RpcPassword.Hash("x").ToUpperInvariant()));
        Assert.False(RpcPassword.IsHash("password"));
        Assert.False(RpcPassword.IsHash(null));
        Assert.False(RpcPassword.IsHash(new string('g', 64)));
    }
}
