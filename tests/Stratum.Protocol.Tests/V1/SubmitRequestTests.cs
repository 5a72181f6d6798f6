using Stratum.Mining;

namespace Stratum.Protocol.Tests;

public sealed class SubmitRequestTests
{
    [Theory]
    [InlineData("""["w","j","c7080000","64b3f3ec","ed460d91"]""", "w job j extranonce2 c7080000 time 64b3f3ec nonce ed460d91")]
    [InlineData("""["w","j","C7080000","64B3F3EC","ED460D91"]""", "w job j extranonce2 c7080000 time 64b3f3ec nonce ed460d91")]
    [InlineData("""["w","j","c7080000","64b3f3ec","ed460d91","00002000"]""", "w job j extranonce2 c7080000 time 64b3f3ec nonce ed460d91 bits 00002000")]
    [InlineData("""["w","j","c7080000","64b3f3ec","d91","2000",7,{"a":[]}]""", "w job j extranonce2 c7080000 time 64b3f3ec nonce 00000d91 bits 00002000")]
    [InlineData("""["w","j","c7080000",1689515000,0,8192]""", "w job j extranonce2 c7080000 time 64b3f3f8 nonce 00000000 bits 00002000")]
    [InlineData("""["w","j","c7080000",4294967295,"0"]""", "w job j extranonce2 c7080000 time ffffffff nonce 00000000")]
    [InlineData("""["w","j","","0","0",null]""", "w job j extranonce2  time 00000000 nonce 00000000")]
    [InlineData("""["","","00112233445566778899aabbccddeeff","0","0"]""", " job  extranonce2 00112233445566778899aabbccddeeff time 00000000 nonce 00000000")]
    [InlineData("""["\u00fc\/","\u006a","\u0063708","\u0030","0"]""", "ü/ job j extranonce2 c708 time 00000000 nonce 00000000")]
    public void TryRead_FormsInTheWild_AreRead(string raw, string expected)
    {
        Assert.True(SubmitRequest.TryRead(Lines.Utf8(raw), out SubmitRequest share, out string? error), error);

        Assert.Equal(expected, share.ToString());
    }

    [Fact]
    public void TryRead_Extranonce2_IsAlsoGivenAsSent()
    {
        Assert.True(SubmitRequest.TryRead("""["w","j","C708","0","0"]"""u8, out SubmitRequest share, out _));

        Assert.Equal("C708", Lines.Text(share.Extranonce2Hex));
        Assert.Equal("c708", share.Extranonce2.ToString());
    }

    [Theory]
    [InlineData("{}", "array")]
    [InlineData("null", "array")]
    [InlineData("true", "array")]
    [InlineData("[]", "params[0]")]
    [InlineData("""["w"]""", "params[1]")]
    [InlineData("""["w","j"]""", "params[2]")]
    [InlineData("""["w","j","00"]""", "params[3]")]
    [InlineData("""["w","j","00","0"]""", "params[4]")]
    [InlineData("""[null,"j","00","0","0"]""", "params[0]")]
    [InlineData("""[1,"j","00","0","0"]""", "params[0]")]
    [InlineData("""["w",1,"00","0","0"]""", "params[1]")]
    [InlineData("""["w",["j"],"00","0","0"]""", "params[1]")]
    [InlineData("""["w","j",0,"0","0"]""", "params[2]")]
    [InlineData("""["w","j","000","0","0"]""", "params[2]")]
    [InlineData("""["w","j","0g","0","0"]""", "params[2]")]
    [InlineData("""["w","j","0000000000000000000000000000000000","0","0"]""", "params[2]")]
    [InlineData("""["w","j","00","","0"]""", "params[3]")]
    [InlineData("""["w","j","00","123456789","0"]""", "params[3]")]
    [InlineData("""["w","j","00","0x12","0"]""", "params[3]")]
    [InlineData("""["w","j","00"," 12","0"]""", "params[3]")]
    [InlineData("""["w","j","00","-1","0"]""", "params[3]")]
    [InlineData("""["w","j","00",null,"0"]""", "params[3]")]
    [InlineData("""["w","j","00",{},"0"]""", "params[3]")]
    [InlineData("""["w","j","00",-1,"0"]""", "params[3]")]
    [InlineData("""["w","j","00",1.5,"0"]""", "params[3]")]
    [InlineData("""["w","j","00",4294967296,"0"]""", "params[3]")]
    [InlineData("""["w","j","00","0",true]""", "params[4]")]
    [InlineData("""["w","j","00","0","/"]""", "params[4]")]
    [InlineData("""["w","j","00","0",":"]""", "params[4]")]
    [InlineData("""["w","j","00","0","@"]""", "params[4]")]
    [InlineData("""["w","j","00","0","G"]""", "params[4]")]
    [InlineData("""["w","j","00","0","`"]""", "params[4]")]
    [InlineData("""["w","j","00","0","0",""]""", "params[5]")]
    [InlineData("""["w","j","00","0","0",[]]""", "params[5]")]
    [InlineData("""["w","j","00","0","0","00000000a"]""", "params[5]")]
    [InlineData("""["\udfff","j","00","0","0"]""", "params[0]")]
    public void TryRead_BadParams_SaysWhich(string raw, string word)
    {
        Assert.False(SubmitRequest.TryRead(Lines.Utf8(raw), out SubmitRequest share, out string? error));

        Assert.Contains(word, error, StringComparison.Ordinal);
        Assert.True(share.Worker.IsEmpty);
    }

    [Theory]
    [InlineData(Golden.Submit5)]
    [InlineData(Golden.Submit6)]
    public void Write_Golden_ReadsBack(string golden)
    {
        Assert.True(SubmitRequest.TryRead(Lines.Params(golden), out SubmitRequest share, out _));
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();

        share.Write(buffer, 4);

        Assert.Equal(golden + "\n", Lines.Text(buffer.WrittenSpan));
    }

    [Fact]
    public void Write_RandomShares_ReadBack()
    {
        var random = new Random(21);
        for (int round = 0; round < 1000; round++)
        {
            byte[] extranonce2 = new byte[random.Next(17)];
            random.NextBytes(extranonce2);
            var share = new SubmitRequest
            {
                Worker = Lines.Utf8($"w\"\\\n{random.Next()}ü"),
                JobId = Lines.Utf8($"{random.Next():x}"),
                Extranonce2 = new Extranonce(extranonce2),
                Time = (uint)random.NextInt64(1L << 32),
                Nonce = (uint)random.NextInt64(1L << 32) >> random.Next(32),
                VersionBits = (uint)random.NextInt64(1L << 32),
                HasVersionBits = random.Next(2) == 0,
            };
            var buffer = new System.Buffers.ArrayBufferWriter<byte>();
            share.Write(buffer, round);
            Assert.True(Message.TryParse(buffer.WrittenSpan, out Message message, out _));

            Assert.True(SubmitRequest.TryRead(message.Params, out SubmitRequest back, out string? error), error);
            Assert.Equal(share.ToString(), back.ToString());
            Assert.Equal(share.HasVersionBits ? share.VersionBits : 0, back.VersionBits);
            Assert.Equal(Convert.ToHexStringLower(extranonce2), Lines.Text(back.Extranonce2Hex));
        }
    }
}
