// Members of your own on the library's types, without a class of your own (C# 14): they read as if they had always been
// there, in every file that sees them.
//   dotnet run --project samples/ExtensionMembers -- 3333
using System.Runtime.InteropServices;
using System.Text.Json;
using Stratum.Server;

await using var server = new StratumServer(StratumServerOptions.ForFarm(args is [var port, ..] ? int.Parse(port) : 3333));

//   {"id":1,"method":"farm.accounts","params":[]}  ->  {"id":1,"result":{"alice":2,"bob":1},"error":null}
server.Map("farm.accounts", () => server.Accounts);

//   {"id":2,"method":"farm.tell","params":[7,"your fan is loud"]}  ->  whether session 7 was there to be told
server.Map("farm.tell", async (long id, string text) => await server.TellAsync(id, text));

//   {"id":3,"method":"farm.me","params":[]}
server.Map("farm.me", (StratumSession session) => new { session.Account, IsIdle = session.IsIdleFor(TimeSpan.FromHours(1)) });

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

internal static class FarmExtensions
{
    extension(StratumServer server)
    {
        /// <summary>How many miners each account has.</summary>
        public IReadOnlyDictionary<string, int> Accounts => server.Sessions.Where(session => session.IsAuthorized)
            .CountBy(session => session.Account).ToDictionary();

        /// <summary>Shows a text to the owner of one miner; false when it is gone.</summary>
        public async Task<bool> TellAsync(long id, string text)
        {
            if (server.FindSession(id) is not { } session)
                return false;
            await session.NotifyAsync("client.show_message", JsonSerializer.Serialize(new[] { text }));
            return true;
        }
    }

    extension(StratumSession session)
    {
        /// <summary>The part of the first worker's name before the dot; empty before it has logged in.</summary>
        public string Account => session.Workers is [var worker, ..] ? worker.Value.Split('.')[0] : "";

        public bool IsIdleFor(TimeSpan time) => DateTimeOffset.UtcNow - session.LastActivity > time;
    }

    // On the type itself: a second way to make one.
    extension(StratumServerOptions)
    {
        public static StratumServerOptions ForFarm(int port) => new() { Port = port, TooBusy = null };
    }
}
