using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Stratum.Testing;

namespace Stratum.Server.Tests;

/// <summary>What takes another process: as many descriptors as a process may have. For a quiet machine:
/// <c>./test --all</c>.</summary>
[Collection("alone")]
public sealed class LoopChildTests
{
    [Theory(Explicit = true)]
    [InlineData(SessionTransport.Pipe)]
    [InlineData(SessionTransport.Loop)]
    public async Task Connects_10000AtOnce_AllInWithin10Seconds(SessionTransport transport)
    {
        const int Count = 10_000;
        await using var child = await Child.StartAsync(20_000, transport);
        await PingOnceAsync(child);
        var started = Stopwatch.GetTimestamp();
        var sockets = await Task.WhenAll(Enumerable.Range(0, Count).Select(async _ =>
        {
            var socket = await child.ConnectAsync();
            await PingAsync(socket);
            return socket;
        }));
        var took = Stopwatch.GetElapsedTime(started);
        foreach (var socket in sockets)
            socket.Dispose();
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    private static async Task PingOnceAsync(Child child)
    {
        using var socket = await child.ConnectAsync();
        await PingAsync(socket);
    }

    private static async Task PingAsync(Socket socket)
    {
        await socket.SendAsync("{\"id\":1,\"method\":\"mining.ping\"}\n"u8.ToArray());
        Assert.NotEqual(0, await socket.ReceiveAsync(new byte[100]));
    }

    private sealed class Child(Process process, TempFolder folder) : IAsyncDisposable
    {
        private int _port;

        public static async Task<Child> StartAsync(int descriptors, SessionTransport transport)
        {
            var folder = new TempFolder();
            var start = new ProcessStartInfo("/bin/sh")
            {
                ArgumentList =
                {
                    "-c", $"ulimit -n {descriptors}; exec \"$0\" -explicit only -method Stratum.Server.Tests.LoopChild.Serve",
                    Environment.ProcessPath!,
                },
                Environment = { [LoopChild.Folder] = folder.Path, [LoopChild.Transport] = transport.ToString() },
                RedirectStandardOutput = true,
            };
            var child = new Child(Process.Start(start)!, folder);
            _ = child.DrainAsync();
            await Answers.BecomesTrueAsync(() => System.IO.File.Exists(child.File("port")), "the port of the child");
            child._port = int.Parse(await System.IO.File.ReadAllTextAsync(child.File("port")));
            return child;
        }

        public string File(string name) => Path.Combine(folder.Path, name);

        public async Task<Socket> ConnectAsync()
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _port));
            return socket;
        }

        public async ValueTask DisposeAsync()
        {
            folder.Dispose();
            try
            {
                await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
            }
            finally
            {
                process.Kill();
                process.Dispose();
            }
        }

        private Task DrainAsync() => process.StandardOutput.ReadToEndAsync();
    }
}
