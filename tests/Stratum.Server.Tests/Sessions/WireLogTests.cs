using System.Text;
using Microsoft.Extensions.Logging;

namespace Stratum.Server.Tests;

public class WireLogTests
{
    [Theory]
    [InlineData("{\"id\":1,\"method\":\"mining.authorize\",\"params\":[\"u\",\"secret words\"]}")]
    [InlineData("{\"id\":1,\"method\":\"mining.\\u0061uthorize\",\"params\":[\"u\",\"secret words\"]}")]
    [InlineData("{\"id\":1,\"method\":\"mining.authorize\",\"params\":[\"u\",\"secret words\"")]
    public void Received_AuthorizeInAnyWriting_PasswordIsNotLogged(string line)
    {
        using var log = new ListLoggers { Least = LogLevel.Trace };
        Receive(log, line);
        Assert.Contains(log.Lines, entry => entry.Text.Contains("not shown", StringComparison.Ordinal));
        Assert.DoesNotContain(log.Lines, entry => entry.Text.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public void Received_Escapes_AreNotLogged()
    {
        using var log = new ListLoggers { Least = LogLevel.Trace };
        Receive(log, "bell \u0007 and \u001b[2J");
        Assert.Contains(log.Lines, entry => entry.Text.Contains("bell \uFFFD and \uFFFD[2J", StringComparison.Ordinal));
        Assert.DoesNotContain(log.Lines, entry => entry.Text.Any(char.IsControl));
    }

    private static void Receive(ListLoggers log, string line)
    {
        var server = new StratumServer(new StratumServerOptions { LoggerFactory = log });
        server.NewSession().Receive(Encoding.UTF8.GetBytes(line + "\n"));
    }
}
