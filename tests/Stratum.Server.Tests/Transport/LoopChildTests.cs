using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Stratum.Testing;

namespace Stratum.Server.Tests;

/// <summary>What takes another process: its limits, or as many descriptors as a process may have. The explicit ones are
/// for a quiet machine: <c>./test --all</c>.</summary>
[Collection("alone")]
public sealed class LoopChildTests
{
    private const int Limit = 300;

    [Theory]
    [InlineData(SessionTransport.Pipe)]
    [InlineData(SessionTransport.Loop)]
    public async Task Connections_MoreThanTheOpenFilesAllow_RefusedAndSaidWhileTheOthersAreServed(SessionTransport transport)
    {
        await using var child = await Child.StartAsync(Limit, transport);
        var sockets = new List<Socket>();
        while (await child.TryPingAsync() is { } socket)
            sockets.Add(socket);
        // The test that serves has some descriptors of its own.
        Assert.InRange(sockets.Count, 50, (int)new OpenFiles(Limit).MostConnections);
        for (var i = 0; i < Limit; i++)
            Assert.Null(await child.TryPingAsync());
        var said = child.File("said 124");
        await Answers.BecomesTrueAsync(() => System.IO.File.Exists(said), "what it says");
        Assert.Contains("ulimit -n", await File.ReadAllTextAsync(said));
        foreach (var socket in sockets)
            await PingAsync(socket);
        foreach (var socket in sockets.Take(20))
            socket.Dispose();
        for (var i = 0; i < 20; i++)
            await Answers.BecomesTrueAsync(() =>
            {
                if (child.TryPingAsync().GetAwaiter().GetResult() is not { } socket)
                    return false;
                sockets.Add(socket);
                return true;
            }, "a place that became free");
        foreach (var socket in sockets.Skip(20))
        {
            await PingAsync(socket);
            socket.Dispose();
        }
    }

    [Theory(Explicit = true)]
    [InlineData(SessionTransport.Pipe)]
    [InlineData(SessionTransport.Loop)]
    public async Task Accept_OutOfDescriptors_SaysSoAndServesAgainWhenThereAreSome(SessionTransport transport)
    {
        await using var child = await Child.StartAsync(Limit, transport);
        await PingOnceAsync(child);
        var hog = child.File(LoopChild.Hog);
        await System.IO.File.WriteAllTextAsync(hog, "");
        await Task.Delay(500);
        // The kernel completes these connections; the server cannot accept them.
        var sockets = new List<Socket>();
        for (var i = 0; i < 20; i++)
            sockets.Add(await child.ConnectAsync());
        await Task.Delay(500);
        System.IO.File.Delete(hog);
        foreach (var socket in sockets)
        {
            await PingAsync(socket).WaitAsync(TimeSpan.FromSeconds(30));
            socket.Dispose();
        }
        var said = child.File("said 113");
        await Answers.BecomesTrueAsync(() => System.IO.File.Exists(said), "what it says");
        Assert.Contains("ulimit -n", await File.ReadAllTextAsync(said));
    }

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
        Assert.NotEqual(0, await socket.ReceiveAsync(new byte[100]).WaitAsync(TimeSpan.FromSeconds(30)));
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

        /// <summary>A connection that was answered; null when it was refused.</summary>
        public async Task<Socket?> TryPingAsync()
        {
            Socket? socket = null;
            try
            {
                socket = await ConnectAsync();
                await PingAsync(socket);
                return socket;
            }
            catch (SocketException error) when (error.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
            {
                socket?.Dispose();
                return null;
            }
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
