using System.Net;
using System.Net.Sockets;
using Stratum.Client;

namespace Stratum.Simulation.Tests;

/// <summary>A server that does to each connection what its test says.</summary>
internal sealed class FakeServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _tasks = [];

    public FakeServer(Func<FakePeer, Task>? serve)
    {
        _listener.Start(512);
        if (serve is not null)
        {
            _tasks.Add(AcceptAsync(serve));
        }
    }

    public StratumUrl Url => new("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        Task[] tasks;
        lock (_tasks)
        {
            tasks = [.. _tasks];
        }

        await Task.WhenAll(tasks).WaitAsync(TimeSpan.FromSeconds(60));
        _stop.Dispose();
    }

    private async Task AcceptAsync(Func<FakePeer, Task> serve)
    {
        try
        {
            for (int number = 0; ; number++)
            {
                var peer = new FakePeer(await _listener.AcceptTcpClientAsync(_stop.Token), number, _stop.Token);
                lock (_tasks)
                {
                    _tasks.Add(ServeAsync(serve, peer));
                }
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or InvalidOperationException)
        {
        }
    }

    private static async Task ServeAsync(Func<FakePeer, Task> serve, FakePeer peer)
    {
        using (peer)
        {
            try
            {
                await serve(peer);
            }
            catch (Exception error) when (error is OperationCanceledException or IOException)
            {
            }
        }
    }
}
