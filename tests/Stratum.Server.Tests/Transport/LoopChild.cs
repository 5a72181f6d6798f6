namespace Stratum.Server.Tests;

/// <summary>A server in a process of its own, for what would disturb the other tests. Started by them alone.</summary>
public sealed class LoopChild
{
    public const string Folder = "STRATUM_LOOP_CHILD";
    public const string Transport = "STRATUM_LOOP_CHILD_TRANSPORT";

    // Says its port in a file, and ends when the folder is gone.
    [Fact(Explicit = true)]
    public async Task Serve()
    {
        if (Environment.GetEnvironmentVariable(Folder) is not { Length: > 0 } folder)
            return;
        var options = new StratumServerOptions
        {
            Port = 0, Transport = Enum.Parse<SessionTransport>(Environment.GetEnvironmentVariable(Transport)!),
            // A test's machine may be late; that is another test's.
            TooBusy = null,
        };
        options.Limits.MaxConnectionsPerAddress = options.Limits.MaxConnections;
        await using var server = new StratumServer(options);
        await server.BroadcastAsync(Work.NewJob((uint)DateTimeOffset.UtcNow.ToUnixTimeSeconds()));
        await server.StartAsync();
        // Whole or not at all.
        var file = Path.Combine(folder, "port");
        await File.WriteAllTextAsync(file + ".new", $"{server.Port}");
        File.Move(file + ".new", file);
        while (Directory.Exists(folder))
            await Task.Delay(50);
    }
}
