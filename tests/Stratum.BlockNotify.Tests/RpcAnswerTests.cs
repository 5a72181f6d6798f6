using System.Text;

namespace Stratum.BlockNotify.Tests;

public sealed class RpcAnswerTests
{
    [Theory]
    [InlineData("""{"result":true,"error":null,"id":1}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":true}""")]
    [InlineData("""{"result":null,"error":null,"id":1}""")]
    [InlineData("""{"id":1,"result":{"error":"no","a":[1,{"b":"}"}],"c":"\"]\\"},"x":"\\\\"}""")]
    [InlineData(" \r\n\t{ \"id\" : 1 , \"error\" : null , \"result\" : \"error\" }")]
    [InlineData("""{"result":[],"error":null}""")]
    [InlineData("""{"result":-1.5e3}""")]
    public void TryRead_Result_IsOneAtItsLastByteAndNotBefore(string answer)
    {
        var bytes = Encoding.UTF8.GetBytes(answer);
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.False(RpcAnswer.TryRead(bytes.AsSpan(0, length), isAll: false, out _), answer[..length]);
            Assert.True(RpcAnswer.TryRead(bytes.AsSpan(0, length), isAll: true, out var cut));
            Assert.NotNull(cut);
        }
        Assert.True(RpcAnswer.TryRead(bytes, isAll: false, out var failure));
        Assert.Null(failure);
        Assert.True(RpcAnswer.TryRead(Encoding.UTF8.GetBytes(answer + "\n"), isAll: false, out failure));
        Assert.Null(failure);
    }

    [Theory]
    [InlineData("""{"error":{"code":1,"message":"a\nb"},"id":1}""", """{"code":1,"message":"a\nb"}""")]
    [InlineData("""{"error":false,"result":true}""", "false")]
    [InlineData("""{"result":true,"error":"}{"}""", "}{")]
    public void TryRead_Error_IsFailureWithItsWords(string answer, string words)
    {
        Assert.True(RpcAnswer.TryRead(Encoding.UTF8.GetBytes(answer), isAll: false, out var failure));
        Assert.StartsWith("refused: ", failure);
        Assert.Contains(words, failure);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("[{\"result\":true}]")]
    [InlineData("true")]
    [InlineData("\"result\"")]
    [InlineData("{x}")]
    [InlineData("{\"result\"}")]
    [InlineData("{\"result\",true}")]
    [InlineData("{\"result\":}")]
    [InlineData("{1:2}")]
    [InlineData("{]")]
    [InlineData("{}")]
    public void TryRead_WhatIsNoAnswer_IsFailureAtOnce(string answer)
    {
        Assert.True(RpcAnswer.TryRead(Encoding.UTF8.GetBytes(answer), isAll: false, out var failure));
        Assert.Contains("Is it the pool's RPC port?", failure);
    }

    [Fact]
    public void TryRead_LongError_IsShownInPart()
    {
        var answer = $"{{\"error\":\"{new string('x', 5000)}\"}}";

        Assert.True(RpcAnswer.TryRead(Encoding.UTF8.GetBytes(answer), isAll: false, out var failure));

        Assert.InRange(failure!.Length, 300, 400);
        Assert.EndsWith("...", failure);
    }

    [Fact]
    public void TryRead_AnyBytes_NeverThrows()
    {
        var random = new Random(1);
        var letters = "{}[]\",:\\ \nntrue1\"result\"\"error\""u8.ToArray();
        for (var i = 0; i < 100_000; i++)
        {
            var bytes = random.GetItems(letters, random.Next(24));
            RpcAnswer.TryRead(bytes, isAll: false, out _);
            Assert.True(RpcAnswer.TryRead(bytes, isAll: true, out _));
        }
    }
}
