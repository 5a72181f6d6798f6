using System.Text;
using Stratum.Testing;

namespace Stratum.Rpc.Tests;

/// <summary>The server's clock, as far as its answers tell it.</summary>
public sealed class RpcAnswerTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Date: Wed, 25 Nov 2026 12:00:00 GMT\r\n", true)]
    [InlineData("Date: Mon, 25 Nov 2026 12:00:00 GMT\r\n", false)]
    [InlineData("Date: yesterday\r\n", false)]
    [InlineData("Date: \r\n", false)]
    [InlineData("", false)]
    public async Task AskAsync_DateHeader_IsReadOrNull(string header, bool readable)
    {
        const string body = """{"result":7,"error":null,"id":1}""";
        await using var server = new RawHttpServer(_ => new RawHttpReply(Encoding.ASCII.GetBytes(
            $"HTTP/1.1 200 OK\r\n{header}Content-Length: {body.Length}\r\n\r\n{body}")));
        using var client = new JsonRpcHttpClient(new() { Url = server.Url });
        DateTimeOffset before = DateTimeOffset.UtcNow;

        RpcAnswer answer = await client.AskAsync("x", cancellationToken: Ct);

        Assert.Equal(7, answer.Result.GetInt32());
        Assert.Equal(readable ? Noon : null, answer.Date);
        Assert.Equal(readable, answer.ClockDifference is not null);
        Assert.InRange(answer.SentAt, before, answer.ReceivedAt);
        Assert.InRange(answer.ReceivedAt, answer.SentAt, DateTimeOffset.UtcNow);
    }

    // The header says 12:00:00, so the server's clock was anywhere in that second.
    [Theory]
    [InlineData(0.2, 0.3, 0)]
    [InlineData(-0.4, 0.1, 0)]
    [InlineData(0.9, 1.4, 0)]
    [InlineData(-5, -4.9, 4)]
    [InlineData(-0.6, -0.5, 0)]
    [InlineData(-3.2, -3, 3)]
    [InlineData(1.5, 1.6, 0)]
    [InlineData(3, 3.1, -2)]
    [InlineData(61.5, 91, -60)]
    [InlineData(-30, 30, 0)]
    public void ClockDifference_SecondsSentAndReceivedAfterNoon_IsTheLeastPossible(
        double sent, double received, double difference)
    {
        var answer = new RpcAnswer(default, Noon, Noon.AddSeconds(sent), Noon.AddSeconds(received));

        Assert.Equal(TimeSpan.FromSeconds(difference), answer.ClockDifference);
    }
}
