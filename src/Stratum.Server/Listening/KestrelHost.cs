using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Stratum.Server;

/// <summary>HTTP by Kestrel on sockets that somebody else accepted.</summary>
internal sealed class KestrelHost : IConnectionListenerFactory, IConnectionListener
{
    private readonly Channel<ConnectionContext> _sockets = Channel.CreateUnbounded<ConnectionContext>();
    private readonly SocketConnectionContextFactory _pipes = new(
        new SocketConnectionFactoryOptions(), Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
    private readonly WebApplication _app;

    public KestrelHost(EndPoint endPoint, Action<KestrelServerLimits> limits, RequestDelegate handler)
    {
        EndPoint = endPoint;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            limits(kestrel.Limits);
            // Only a name: the sockets come from us.
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddSingleton<IConnectionListenerFactory>(this);
        // The usual life time would take SIGTERM and Ctrl-C away from the program that this is a part of.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        _app = builder.Build();
        _app.Run(handler);
    }

    public EndPoint EndPoint { get; }

    public Task StartAsync(CancellationToken cancellationToken) => _app.StartAsync(cancellationToken);

    /// <summary>Serves one socket to its end.</summary>
    public async Task ServeAsync(Socket socket)
    {
        var connection = new HandedConnection(_pipes.Create(socket));
        if (!_sockets.Writer.TryWrite(connection))
            await connection.DisposeAsync().ConfigureAwait(false);
        await connection.Ended.ConfigureAwait(false);
    }

    /// <summary>Requests that are under way go on until the token ends.</summary>
    public Task StopAsync(CancellationToken cut) => _app.StopAsync(cut);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync().ConfigureAwait(false);
        _pipes.Dispose();
    }

    ValueTask<IConnectionListener> IConnectionListenerFactory.BindAsync(EndPoint endpoint, CancellationToken cancellationToken) =>
        new(this);

    async ValueTask<ConnectionContext?> IConnectionListener.AcceptAsync(CancellationToken cancellationToken) =>
        await _sockets.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false) && _sockets.Reader.TryRead(out var connection)
            ? connection
            : null;

    async ValueTask IConnectionListener.UnbindAsync(CancellationToken cancellationToken)
    {
        _sockets.Writer.TryComplete();
        while (_sockets.Reader.TryRead(out var connection))
            await connection.DisposeAsync().ConfigureAwait(false);
    }

    // Kestrel disposes its listeners; what this owns goes with DisposeAsync of the host.
    ValueTask IAsyncDisposable.DisposeAsync() => default;

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
