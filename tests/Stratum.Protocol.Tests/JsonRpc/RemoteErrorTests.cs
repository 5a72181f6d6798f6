namespace Stratum.Protocol.Tests;

public sealed class RemoteErrorTests
{
    [Theory]
    [InlineData("""{"id":4,"result":false,"error":[21,"Stale work",null]}""", 21, "Stale work")]
    [InlineData("""{"id":4,"result":true,"error":[-21,"Stale work",null]}""", -21, "Stale work")]
    [InlineData("""{"id":4,"result":null,"error":[21,"job not found"]}""", 21, "job not found")]
    [InlineData("""{"id":4,"result":null,"error":[23]}""", 23, "")]
    [InlineData("""{"id":4,"result":null,"error":["22","Duplicate",{"a":[1]}]}""", 22, "Duplicate")]
    [InlineData("""{"id":4,"result":null,"error":["No"]}""", 20, "No")]
    [InlineData("""{"id":4,"result":null,"error":[[1],{"a":2}]}""", 20, "")]
    [InlineData("""{"id":4,"result":null,"error":[]}""", 20, "")]
    [InlineData("""{"id":4,"error":{"code":21,"message":"Job not found","data":null}}""", 21, "Job not found")]
    [InlineData("""{"id":4,"error":{"data":[{}],"message":"M\u0021","code":-1}}""", -1, "M!")]
    [InlineData("""{"id":4,"error":{"message":7}}""", 20, "")]
    [InlineData("""{"id":4,"error":{}}""", 20, "")]
    [InlineData("""{"id":4,"error":"-3:method not found"}""", -3, "method not found")]
    [InlineData("""{"id":4,"error":"-1: params not found"}""", -1, "params not found")]
    [InlineData("""{"id":4,"error":"Invalid method: x"}""", 20, "Invalid method: x")]
    [InlineData("""{"id":4,"error":true,"result":[]}""", 20, "true")]
    [InlineData("""{"id":4,"error":27}""", 27, "")]
    [InlineData("""{"id":4,"error":1e99}""", 20, "")]
    [InlineData("""{"id":4,"result":false,"error":null,"reject-reason":"Stale"}""", 21, "Stale")]
    [InlineData("""{"id":4,"result":false,"error":null,"reject-reason":"Duplicate"}""", 22, "Duplicate")]
    [InlineData("""{"id":4,"result":false,"error":null,"reject-reason":"Above target"}""", 23, "Above target")]
    [InlineData("""{"id":4,"result":false,"error":null,"reject-reason":"Worker mismatch"}""", 20, "Worker mismatch")]
    public void TryRead_EveryShape_GivesCodeAndText(string line, int code, string text)
    {
        Assert.True(Message.TryParse(Lines.Utf8(line), out Message message, out _));

        Assert.True(RemoteError.TryRead(message, out RemoteError error));
        Assert.Equal(new RemoteError(code, text), error);
    }

    [Theory]
    [InlineData("""{"id":4,"result":true,"error":null}""")]
    [InlineData("""{"id":4,"result":true}""")]
    [InlineData("""{"id":4,"result":true,"error":false}""")]
    [InlineData("""{"id":4,"result":true,"error":null,"reject-reason":""}""")]
    [InlineData("""{"id":4,"result":{"status":"OK"},"jsonrpc":"2.0","error":null}""")]
    public void TryRead_NoError_IsFalse(string line)
    {
        Assert.True(Message.TryParse(Lines.Utf8(line), out Message message, out _));

        Assert.False(RemoteError.TryRead(message, out _));
    }

    [Theory]
    [InlineData("""[21,"Stale work",null]""")]
    [InlineData("""{"code":21,"message":"Job","data":[1]}""")]
    [InlineData("\"-3:method\"")]
    [InlineData("true")]
    [InlineData("[\"\\ud800\",\"\\udc00\"]")]
    [InlineData("{\"\\ud800\":\"\\udc00\"}")]
    public void TryRead_EveryPrefix_NeverThrows(string raw)
    {
        byte[] bytes = Lines.Utf8(raw);
        for (int length = 0; length <= bytes.Length; length++)
        {
            Assert.Equal(length > 0, RemoteError.TryRead(bytes.AsSpan(0, length), default, out RemoteError error));
            Assert.NotNull(error.Text);
        }
    }

    [Fact]
    public void TryRead_WhatWeWrite_ReadsBack()
    {
        var random = new Random(8);
        for (int round = 0; round < 200; round++)
        {
            var expected = new RemoteError(random.Next(-100, 100), $"text {random.Next()} \"\n\\ü");
            byte[] line = Lines.Utf8(Lines.Written(
                w => MessageWriter.WriteError(w, "1"u8, expected.Code, expected.Text, falseResult: true)));
            Assert.True(Message.TryParse(line, out Message message, out _));

            Assert.True(RemoteError.TryRead(message, out RemoteError error));
            Assert.Equal(expected, error);
        }
    }

    [Fact]
    public void Exceptions_KeepCodeTextAndData()
    {
        var refusal = new StratumException(24, "Unauthorized worker", "[1]");
        Assert.Equal((24, "Unauthorized worker", "[1]"), (refusal.Code, refusal.Message, refusal.RawData));
        var remote = new StratumRemoteException(21, "Stale");
        Assert.Equal((21, "Stale"), (remote.Code, remote.Message));
        Assert.Same(refusal, new StratumProtocolException("broke", refusal).InnerException);
    }
}
