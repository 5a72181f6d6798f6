using System.Buffers;
using System.Text;
using Stratum.Client;
using Stratum.Mining;
using Stratum.Protocol;

namespace Stratum.Simulation.Tests;

public sealed class SubmitLineTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(16)]
    public void Write_OneAfterTheOther_CountsIdExtranonce2AndNonceOn(int size)
    {
        // Before places where all digits change.
        SubmitLine line = Begin(size, 19_999_997, 0x0fffffe);
        for (uint i = 0; i < 5; i++)
        {
            SubmitRequest share = Read(Next(ref line), out long id);
            Assert.Equal(19_999_997 + i, id);
            Assert.Equal(0x0fffffe + i, share.Nonce);
            Assert.Equal(Extranonce.FromUInt64(0x0fffffe + i, size), share.Extranonce2);
            Assert.Equal("wor\"ker", Encoding.UTF8.GetString(share.Worker));
            Assert.Equal("job\\7", Encoding.UTF8.GetString(share.JobId));
            Assert.Equal(0x6553f100u, share.Time);
            Assert.False(share.HasVersionBits);
            line.CountOn();
        }
    }

    [Fact]
    public void Write_LastId_TheFirstComesAgain()
    {
        SubmitLine line = Begin(4, SubmitLine.LastId, 1);
        Read(Next(ref line), out long last);
        Read(Next(ref line), out long first);
        Assert.Equal((SubmitLine.LastId, SubmitLine.FirstId), (last, first));
    }

    [Fact]
    public void CountOn_LastNonce_ZeroComesNext()
    {
        SubmitLine line = Begin(2, SubmitLine.FirstId, uint.MaxValue);
        line.CountOn();
        SubmitRequest share = Read(Next(ref line), out _);
        Assert.Equal(0u, share.Nonce);
        Assert.Equal(Extranonce.FromUInt64(0, 2), share.Extranonce2);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(16)]
    public void SetShare_AnyShare_IsTheNext(int size)
    {
        SubmitLine line = Begin(size, SubmitLine.FirstId, 5);
        var extranonce2 = Extranonce.FromUInt64(0xabcdef, size);
        line.SetShare(extranonce2, 0xdeadbeef);
        SubmitRequest share = Read(Next(ref line), out _);
        Assert.Equal((extranonce2, 0xdeadbeefu), (share.Extranonce2, share.Nonce));
    }

    [Fact]
    public void SetJob_AnotherLength_TheNewOneIsWritten()
    {
        SubmitLine line = Begin(4, SubmitLine.FirstId, 5);
        line.SetJob(Job(2, "another job"), "u"u8, 20_000_000, 6, new ArrayBufferWriter<byte>());
        SubmitRequest share = Read(Next(ref line), out long id);
        Assert.Equal(("another job", 20_000_000, 2), (Encoding.UTF8.GetString(share.JobId), id, share.Extranonce2.Length));
    }

    private static SubmitLine Begin(int size, int id, uint nonce)
    {
        var line = default(SubmitLine);
        Assert.False(line.IsReady);
        line.SetJob(Job(size, "job\\7"), "wor\"ker"u8, id, nonce, new ArrayBufferWriter<byte>());
        Assert.True(line.IsReady);
        return line;
    }

    private static byte[] Next(ref SubmitLine line)
    {
        var output = new ArrayBufferWriter<byte>();
        line.Write(output);
        Assert.Equal((byte)'\n', output.WrittenSpan[^1]);
        return output.WrittenSpan.ToArray();
    }

    private static SubmitRequest Read(byte[] line, out long id)
    {
        Assert.True(Message.TryParse(line, out Message message, out string? error), error);
        Assert.True(message.Method.SequenceEqual(Methods.Submit));
        id = long.Parse(message.Id);
        Assert.True(SubmitRequest.TryRead(message.Params, out SubmitRequest share, out error), error);
        return share;
    }

    private static ClientJob Job(int extranonce2Size, string id) => new()
    {
        Notify = new Notify
        {
            JobId = id, PreviousBlock = default, Coinbase1 = default, Coinbase2 = default, Version = 1, Bits = default, Time = 0x6553f100,
        },
        Extranonce1 = default,
        Extranonce2Size = extranonce2Size,
        Difficulty = new Difficulty(1),
    };
}
