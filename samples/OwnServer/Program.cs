// A server of your own class. Each decision has a virtual method; base.X is what the server does without yours, and runs
// the handler that was registered, if there is one.
//   dotnet run --project samples/OwnServer -- 3333
using System.Collections.Concurrent;
using System.Net;
using System.Runtime.InteropServices;
using Stratum.Mining;
using Stratum.Protocol;
using Stratum.Server;

var port = args is [var first, ..] ? int.Parse(first) : 3333;
// With ASP.NET Core: builder.Services.AddStratumServer(options => new StrictServer(options)).
await using var server = new StrictServer(new StratumServerOptions { Port = port });
server.OnAuthorize((session, request) => request.Password == "x"); // what base.AuthorizeAsync runs

await server.StartAsync();
Console.WriteLine($"listening on port {server.Port}");
var end = new TaskCompletionSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
await end.Task;

void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    end.TrySetResult();
}

/// <summary>Three refused shares, and an address has to wait for the next start.</summary>
internal sealed class StrictServer(StratumServerOptions options) : StratumServer(options)
{
    private readonly ConcurrentDictionary<IPAddress, int> _strikes = new();

    protected override ValueTask<Subscription> SubscribeAsync(StratumSession session, SubscribeRequest request)
    {
        if (request.UserAgent is null)
            throw new StratumException(20, "Say who you are: the first parameter of mining.subscribe");
        return base.SubscribeAsync(session, request);
    }

    protected override async ValueTask<bool> AuthorizeAsync(StratumSession session, AuthorizeRequest request)
    {
        if (_strikes.GetValueOrDefault(AddressOf(session)) >= 3)
            throw new StratumException(24, "Three of your shares were refused");
        return await base.AuthorizeAsync(session, request);
    }

    protected override async ValueTask<ShareResult> SubmitAsync(StratumSession session, Submit share)
    {
        var result = await base.SubmitAsync(session, share); // judged already; with OnSubmit, what that made of it
        if (!result.IsAccepted)
            _strikes.AddOrUpdate(AddressOf(session), 1, (_, count) => count + 1);
        return result;
    }

    protected override async ValueTask BlockFoundAsync(BlockCandidate block)
    {
        Console.WriteLine($"block {block.Height} found by {block.Worker}");
        await base.BlockFoundAsync(block); // raises the event
    }

    private static IPAddress AddressOf(StratumSession session) => ((IPEndPoint)session.RemoteEndPoint!).Address;
}
