using Microsoft.Extensions.Logging;

namespace Stratum.Server.Tests;

/// <summary>A server in a process of its own, for what would disturb the other tests. Started by them alone.</summary>
public sealed class LoopChild
{
    public const string Folder = "STRATUM_LOOP_CHILD";
    public const string Transport = "STRATUM_LOOP_CHILD_TRANSPORT";

    /// <summary>A file by which the test asks for all descriptors that are left to be taken, until it is gone.</summary>
    public const string Hog = "hog";

    // Says its port in a file, what it warns of in others, and ends when the folder is gone.
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
        var (said, hogged) = (0, new List<FileStream>());
        while (Directory.Exists(folder))
        {
            if (File.Exists(Path.Combine(folder, Hog)))
                TakeAll(hogged);
            else
                hogged.ForEach(file => file.Dispose());
            foreach (var line in log.Lines.Where(line => line.Level == LogLevel.Warning).Skip(said).ToList())
                if (await WriteAsync($"said {line.Id}", line.Text))
                    said++;
                else
                    break;
            await Task.Delay(50);
        }

        // Whole or not at all; when descriptors are short, later.
        async Task<bool> WriteAsync(string name, string text)
        {
            try
            {
                var file = Path.Combine(folder, name);
                await File.WriteAllTextAsync(file + ".new", text);
                File.Move(file + ".new", file, overwrite: true);
                return true;
            }
            catch (IOException)
            {
                return false;
            }
        }
    }

    private static void TakeAll(List<FileStream> hogged)
    {
        try
        {
            while (true)
                hogged.Add(File.OpenRead("/dev/null"));
        }
        catch (IOException)
        {
            // That was the last.
        }
    }
}
