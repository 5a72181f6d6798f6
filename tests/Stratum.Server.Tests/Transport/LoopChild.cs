namespace Stratum.Server.Tests;

/// <summary>A server in a process of its own, for what would disturb the other tests. Started by them alone.</summary>
public sealed class LoopChild
{
    public const string Folder = "STRATUM_LOOP_CHILD";
    public const string Transport = "STRATUM_LOOP_CHILD_TRANSPORT";

    // Says its port in a file, logs to another, and ends when the folder is gone.
    [Fact(Explicit = true)]
    public async Task Serve()
    {
        if (Environment.GetEnvironmentVariable(Folder) is not { Length: > 0 } folder)
            return;
        var log = new ListLoggers();
        var options = new StratumServerOptions
        {
            Port = 0, Transport = Enum.Parse<SessionTransport>(Environment.GetEnvironmentVariable(Transport)!), LoggerFactory = log,
            // A test's machine may be late; that is another test's.
            TooBusy = null,
        };
        options.Limits.MaxConnectionsPerAddress = options.Limits.MaxConnections;
        await using var server = new StratumServer(options);
        await server.BroadcastAsync(Work.NewJob((uint)DateTimeOffset.UtcNow.ToUnixTimeSeconds()));
        await server.StartAsync();
        await WriteAsync("port", $"{server.Port}");
        while (Directory.Exists(folder))
        {
            if (log.Lines.Any(line => line.Id == 113) && !File.Exists(Path.Combine(folder, "said")))
                await WriteAsync("said", log.Lines.First(line => line.Id == 113).Text);
            await Task.Delay(50);
        }

        // Whole or not at all; when descriptors are short, later.
        async Task WriteAsync(string name, string text)
        {
            try
            {
                var file = Path.Combine(folder, name);
                await File.WriteAllTextAsync(file + ".new", text);
                File.Move(file + ".new", file);
            }
            catch (IOException)
            {
                // Tried again by the caller.
            }
        }
    }
}
