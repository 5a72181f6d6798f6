using System.Text;
using System.Text.Json;

namespace Stratum.Protocol.Tests;

public sealed class MessageWriterTests
{
    [Fact]
    public void WriteResult_TrueAndFalse_HasBothMembers()
    {
        Assert.Equal(
            """{"id":1,"result":true,"error":null}""", Lines.Written(w => MessageWriter.WriteResult(w, "1"u8, true)));
        Assert.Equal(
            """{"id":null,"result":false,"error":null}""",
            Lines.Written(w => MessageWriter.WriteResult(w, default, false)));
    }

    [Fact]
    public void WriteRawResult_AnyJson_IsWrittenAsItIs() =>
        Assert.Equal(
            """{"id":"a","result":[[],"ff",4],"error":null}""",
            Lines.Written(w => MessageWriter.WriteRawResult(w, "\"a\""u8, "[[],\"ff\",4]"u8)));

    [Fact]
    public void WriteError_CodeAndText_IsAnArrayOfThree()
    {
        Assert.Equal(
            """{"id":1,"result":null,"error":[-3,"Method not found",null]}""",
            Lines.Written(w => MessageWriter.WriteError(w, "1"u8, -3, "Method not found")));
        Assert.Equal(
            Golden.StaleArray,
            Lines.Written(w => MessageWriter.WriteError(w, "4"u8, 21, "Stale work", falseResult: true)));
        Assert.Equal(
            """{"id":1,"result":null,"error":[20,"a",{"b":1}]}""",
            Lines.Written(w => MessageWriter.WriteError(w, "1"u8, 20, "a", "{\"b\":1}"u8)));
    }

    [Fact]
    public void WriteNotification_WithAndWithoutParams_HasIdNull()
    {
        Assert.Equal(
            """{"id":null,"method":"mining.set_goal","params":["a"]}""",
            Lines.Written(w => MessageWriter.WriteNotification(w, "mining.set_goal"u8, "[\"a\"]"u8)));
        Assert.Equal(
            """{"id":null,"method":"a","params":[]}""",
            Lines.Written(w => MessageWriter.WriteNotification(w, "a"u8, default)));
    }

    [Fact]
    public void WriteRequest_WithAndWithoutParams_HasTheNumber()
    {
        Assert.Equal(
            """{"id":9223372036854775807,"method":"a","params":{"b":1}}""",
            Lines.Written(w => MessageWriter.WriteRequest(w, long.MaxValue, "a"u8, "{\"b\":1}"u8)));
        Assert.Equal(
            """{"id":0,"method":"a","params":[]}""",
            Lines.Written(w => MessageWriter.WriteRequest(w, 0, "a"u8, default)));
    }

    [Theory]
    [InlineData("a\"b\\c", "a\\\"b\\\\c")]
    [InlineData("line\nfeed\r\ttab\0\u0001\u001f", "line\\nfeed\\r\\ttab\\u0000\\u0001\\u001f")]
    [InlineData("Grüße 😀 \u007f\u2028</script>", "Grüße 😀 \u007f\u2028</script>")]
    [InlineData("", "")]
    public void WriteTextResult_AnyText_IsValidJson(string text, string written) =>
        Assert.Equal(
            $$"""{"id":1,"result":"{{written}}","error":null}""",
            Lines.Written(w => MessageWriter.WriteTextResult(w, "1"u8, text)));

    [Fact]
    public void WriteTextResult_HalfASurrogatePair_IsReplaced() =>
        Assert.Equal(
            "{\"id\":1,\"result\":\"\ufffdx\",\"error\":null}",
            Lines.Written(w => MessageWriter.WriteTextResult(w, "1"u8, "\ud800x")));

    [Fact]
    public void WriteTextResult_RandomText_ReadsBack()
    {
        var random = new Random(5);
        for (int round = 0; round < 500; round++)
        {
            var text = new StringBuilder();
            for (int length = random.Next(60); length > 0; length--)
            {
                text.Append(random.Next(4) == 0 ? "\U0001f600" : ((char)random.Next(0, 0x300)).ToString());
            }

            string line = Lines.Written(w => MessageWriter.WriteTextResult(w, "1"u8, text.ToString()));

            using JsonDocument document = JsonDocument.Parse(line);
            Assert.Equal(text.ToString(), document.RootElement.GetProperty("result").GetString());
            Assert.True(GetVersion.TryReadAnswer(Lines.Result(line), out string? back, out _));
            Assert.Equal(text.ToString(), back);
        }
    }
}
