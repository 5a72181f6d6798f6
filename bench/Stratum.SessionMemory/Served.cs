using System.Globalization;
using Stratum.Bench;
using Stratum.Server;

namespace Stratum.SessionMemory;

/// <summary>The server that is measured: built-in handlers, Bitcoin's work, commands on standard input.</summary>
internal static class Served
{
    public static async Task<int> RunAsync(string transport)
    {
        var options = new StratumServerOptions
        {
            Port = 0, Transport = Enum.Parse<SessionTransport>(transport, ignoreCase: true), TooBusy = null,
        };
        options.Limits.MaxConnectionsPerAddress = options.Limits.MaxConnections;
        await using var server = new StratumServer(options);
        await server.BroadcastAsync(Samples.NewJob());
        await server.StartAsync();
        Console.WriteLine(server.Port);
        while (await Console.In.ReadLineAsync() is { } command)
        {
            if (command == "broadcast")
                await server.BroadcastAsync(server.Work.Current!.Renew!((uint)DateTimeOffset.UtcNow.ToUnixTimeSeconds()));
            if (command == "collect")
                GC.Collect();
            // Live: as of the last collection, plus what was allocated since it.
            Console.WriteLine(string.Join(' ', Resident(), GC.GetTotalMemory(false), GC.GetTotalAllocatedBytes(true), GC.CollectionCount(0)));
        }
        return 0;
    }

    // In pages of 4 KiB; the second of the numbers.
    private static long Resident() =>
        long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
}
