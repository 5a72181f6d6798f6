using System.CommandLine;
using System.Net.Security;
using System.Net.Sockets;
using Stratum.Client;

namespace Stratum.Cli;

/// <summary><c>send URL</c>: raw lines from standard input, every line of the pool to standard output.</summary>
internal static class SendVerb
{
    public static Command Create()
    {
        var url = new Argument<string>("URL") { Description = "stratum+tcp://host:port or stratum+ssl://host:port" };
        var wait = CommonOptions.Duration("--wait", "How long to wait for more lines after the input has ended");
        var command = new Command("send", "Send lines from standard input as they are and print what comes back.") { url, wait };
        command.SetAction(async (result, stop) =>
        {
            var target = StratumUrl.Parse(result.GetRequiredValue(url));
            using var socket = new TcpClient();
            await socket.ConnectAsync(target.Host, target.Port, stop);
            Stream stream = socket.GetStream();
            if (target.UseTls)
            {
                var tls = new SslStream(stream);
                await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = target.Host }, stop);
                stream = tls;
            }
            await using (stream)
                await ExchangeAsync(stream, result.GetValue(wait) ?? TimeSpan.FromSeconds(1), stop);
            return Runner.Done;
        });
        return command;
    }

    private static async Task ExchangeAsync(Stream stream, TimeSpan wait, CancellationToken stop)
    {
        using var quiet = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var ended = false;
        var printing = PrintAsync();
        await using (var input = Console.OpenStandardInput())
            await input.CopyToAsync(stream, quiet.Token);
        await stream.FlushAsync(stop);
        ended = true;
        quiet.CancelAfter(wait);
        await printing;

        async Task PrintAsync()
        {
            using var reader = new StreamReader(stream, leaveOpen: true);
            try
            {
                while (await reader.ReadLineAsync(quiet.Token) is { } line)
                {
                    Console.WriteLine(line);
                    // Each line gives the next one as long again.
                    if (ended)
                        quiet.CancelAfter(wait);
                }
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                // Nothing more came within the wait.
            }
        }
    }
}
