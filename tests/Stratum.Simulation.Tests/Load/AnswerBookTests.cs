using System.Text;
using Stratum.Protocol;

namespace Stratum.Simulation.Tests;

public sealed class AnswerBookTests
{
    /// <summary>How servers answer share N, and what they mean.</summary>
    public static TheoryData<string, string> Lines => new()
    {
        { """{"id":N,"result":true,"error":null}""", "Accepted" },
        { """{"result": true, "error": null, "id": N}""", "Accepted" },
        { """{"id":"N","result":true,"error":null}""", "Accepted" },
        { """{"error":null,"jsonrpc":"2.0","id":N,"result":{"status":"OK"}}""", "Accepted" },
        { """{"id":N,"result":null,"error":[21,"Job not found",null]}""", "Stale" },
        { """{"id":N,"result":false,"error":[22,"Duplicate share",null]}""", "Duplicate" },
        { """{"id":N,"result":false,"error":[23,"Low difficulty share of 0.000011",null]}""", "LowDifficulty" },
        { """{"error":{"code":23,"message":"Low difficulty"},"id":N,"result":null}""", "LowDifficulty" },
        { """{"reject-reason": "Above target", "result": false, "error": null, "id": N}""", "LowDifficulty" },
        { """{"reject-reason": "Stale", "result": false, "error": null, "id": N}""", "Stale" },
        { """{"id":N,"result":false,"error":null}""", "OtherRefused" },
        { """{"id":N,"result":null,"error":[24,"Unauthorized worker",null]}""", "OtherRefused" },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public void TryRecognise_AnswerLikeOneThatWasRead_KnownWithItsId(string form, string expected)
    {
        var book = new AnswerBook();
        Assert.False(book.TryRecognise(Line(form, 5), out _, out _));
        Assert.True(Read(book, Line(form, 5), out int id, out AnswerKind kind));
        Assert.Equal((5, expected), (id, kind.ToString()));

        foreach (int other in (int[])[0, 6, 10_000_000, 99_999_999])
        {
            Assert.True(book.TryRecognise(Line(form, other), out id, out kind));
            Assert.Equal((other, expected), (id, kind.ToString()));
        }
    }

    [Fact]
    public void TryRecognise_AllFormsLearned_EachKeepsItsMeaning()
    {
        var book = new AnswerBook();
        foreach (var row in Lines)
        {
            Assert.True(Read(book, Line(row.Data.Item1, 1), out _, out _));
        }

        foreach (var row in Lines)
        {
            Assert.True(book.TryRecognise(Line(row.Data.Item1, 77), out int id, out AnswerKind kind));
            Assert.Equal((77, row.Data.Item2), (id, kind.ToString()));
        }
    }

    [Theory]
    [InlineData("""{"id":,"result":true,"error":null}""")]
    [InlineData("""{"id":-5,"result":true,"error":null}""")]
    [InlineData("""{"id":5 ,"result":true,"error":null}""")]
    [InlineData("""{"id":5.0,"result":true,"error":null}""")]
    [InlineData("""{"id":1234567890,"result":true,"error":null}""")]
    [InlineData("""{"id":5,"result":true,"error":null""")]
    [InlineData("""{"id":5,"result":false,"error":null}""")]
    [InlineData("""{"id":5,"method":"mining.notify","params":[],"result":true,"error":null}""")]
    [InlineData("""{"id":""")]
    public void TryRecognise_AnotherLine_IsNotTakenForOne(string line)
    {
        var book = new AnswerBook();
        Assert.True(Read(book, Line("""{"id":N,"result":true,"error":null}""", 5), out _, out _));
        Assert.False(book.TryRecognise(Encoding.UTF8.GetBytes(line), out _, out _));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("[1]")]
    [InlineData("\"a\"")]
    [InlineData("\"\"")]
    [InlineData("12345678901234567890")]
    public void TryRead_IdOfNobody_False(string id) =>
        Assert.False(Read(new AnswerBook(), Encoding.UTF8.GetBytes($$"""{"id":{{id}},"result":true,"error":null}"""), out _, out _));

    [Fact]
    public void TryRead_ServerWithAWordForEachShare_KeepsFewAndReadsOn()
    {
        var book = new AnswerBook();
        for (int i = 0; i < 1000; i++)
        {
            byte[] line = Line("""{"id":N,"result":null,"error":[20,"refused WORD",null]}""".Replace("WORD", $"x{i}x"), i);
            Assert.True(book.TryRecognise(line, out int id, out AnswerKind kind) || Read(book, line, out id, out kind));
            Assert.Equal((i, AnswerKind.OtherRefused), (id, kind));
        }

        Assert.Equal("refused x0x (20)", Assert.Single(book.Words).Value);
        Assert.False(book.TryRecognise(Line("""{"id":N,"result":null,"error":[20,"refused x999x",null]}""", 1), out _, out _));
    }

    private static byte[] Line(string form, int id) => Encoding.UTF8.GetBytes(form.Replace("N", id.ToString()));

    private static bool Read(AnswerBook book, byte[] line, out int id, out AnswerKind kind)
    {
        Assert.True(Message.TryParse(line, out Message message, out _));
        return book.TryRead(line, message, out id, out kind);
    }
}
