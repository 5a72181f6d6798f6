using System.Text;
using System.Text.Json;
using Stratum.Rpc;

namespace Stratum.Server.Tests;

/// <summary>An RPC server without a port: its dispatcher is called.</summary>
internal sealed class RpcServerInMemory : IAsyncDisposable
{
    public RpcServerInMemory(StratumServer? attached = null) =>
        Server = new RpcServer(new RpcServerOptions { LoggerFactory = Log }, attached);

    public RpcServer Server { get; }

    public ListLoggers Log { get; } = new();

    public async Task<JsonElement> CallAsync(string method, string parameters)
    {
        var request = $$"""{"method":"{{method}}","params":{{parameters}},"id":1}""";
        var reply = await Server.Dispatcher.DispatchAsync(Encoding.UTF8.GetBytes(request), new RpcPeer(RpcTransport.Other));
        return JsonDocument.Parse(reply.Bytes).RootElement;
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
