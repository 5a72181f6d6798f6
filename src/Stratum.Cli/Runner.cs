using System.CommandLine;

namespace Stratum.Cli;

/// <summary>
/// The command's contract: 0 done, 1 failed with the reason as last line on standard error, 2 bad usage.
/// </summary>
internal static class Runner
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int BadUsage = 2;

    public static async Task<int> RunAsync(RootCommand root, string[] args, CancellationToken stop)
    {
        var result = root.Parse(args);
        if (result.Errors.Count > 0)
        {
            foreach (var error in result.Errors)
                await Console.Error.WriteLineAsync(error.Message);
            await Console.Error.WriteLineAsync($"See: stratum {result.CommandResult.Command.Name} --help".Replace(" " + root.Name, ""));
            return BadUsage;
        }
        try
        {
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await result.InvokeAsync(configuration, stop);
        }
        catch (UsageException error)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return BadUsage;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Done;
        }
        catch (Exception error) when (error is IOException or ArgumentException or FormatException
            or InvalidOperationException or UnauthorizedAccessException or TimeoutException
            or System.Net.Sockets.SocketException or System.Security.Authentication.AuthenticationException
            or Protocol.StratumRemoteException or Protocol.StratumProtocolException
            or Rpc.RpcException or Rpc.RpcTransportException or Daemon.DaemonStartException)
        {
            await Console.Error.WriteLineAsync(Printable.Of(error.Message.ReplaceLineEndings(" ")));
            return Failed;
        }
    }
}
