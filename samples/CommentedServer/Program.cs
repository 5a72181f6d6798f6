// The ten-line server again, with every answer and every refusal that a handler can give.
//   dotnet run --project samples/CommentedServer -- 3333
using System.Runtime.InteropServices;
using Stratum.Mining;
using Stratum.Protocol;
using Stratum.Server;

var options = new StratumServerOptions
{
    Port = args is [var port, ..] ? int.Parse(port) : 3333, // 0 picks a free one; server.Port has it after the start
    Difficulty = new Difficulty(1e-9), // of a new session: for processors. 1 and more for ASICs

    // Where the bytes arrived, with no thread between: right for handlers that never wait. The default is the pool.
    Handlers = HandlerScheduling.Inline,
};
await using var server = new StratumServer(options);

// Every handler is optional. Without one: everybody is let in, and the verdict on a share stands.

// mining.subscribe. The answer is a Subscription: the miner's own part of the coinbase.
server.OnSubscribe((session, request) =>
{
    // A refusal is an exception with the code and the text that the miner is told.
    if (request.UserAgent?.StartsWith("badminer/", StringComparison.Ordinal) == true)
        throw new StratumException(20, "badminer loses every second share; please update it");

    session.Tag = request.UserAgent; // a place for anything of yours; the handlers below get the same session
    // NextExtranonce1 leases one that nobody else has, and gives it back when the session ends. Any other will do,
    // as long as no two sessions have the same. The second argument names the subscription, where a miner cares.
    return new Subscription(session.NextExtranonce1(), id: $"session-{session.Id}");
});

// mining.authorize. True or false; or the reason why not, by an exception; or later, by a task.
server.OnAuthorize(async (session, request) =>
{
    if (!request.Worker.Contains('.', StringComparison.Ordinal))
        throw new StratumException(24, "The user name is account.worker");

    // session.Closed ends your work when the miner is gone. Its next request waits until this one is answered.
    await Task.Delay(TimeSpan.FromMilliseconds(1), session.Closed); // the database that you would ask
    return request.Password == "x"; // false is refused as [24,"Unauthorized worker",null]
});

// mining.configure has a built-in answer (BIP 310): OnConfigure replaces it. A wish for a difficulty can be
// granted, changed, or ignored (null); the miner is answered true in any case.
server.OnSuggestDifficulty((session, wish) => wish > new Difficulty(1e9) ? null : wish);

// mining.submit. The share is judged when it comes here, and a block is on its way already: nothing that you answer
// can lose it. A share is hot: a handler that waits delays the next share of that session.
server.OnSubmit((session, share) =>
{
    // What the library found: Accepted, LowDifficulty (23), Duplicate (22), Stale and JobNotFound (21), Malformed
    // and others (20). Returning it is the usual answer.
    if (share.Verdict != ShareVerdict.Accepted)
        return share.Verdict;

    // A refusal of your own. 20 to 25 are the codes that miners know.
    if (share.Worker.Value.EndsWith(".banned", StringComparison.Ordinal))
        return ShareResult.Reject(24, "This worker was banned on Monday");

    // true instead of a verdict accepts, false refuses as [20,"Share refused",null].
    if (share.Worker.Value.EndsWith(".friend", StringComparison.Ordinal))
        return true;

    // Accepted, but counted otherwise: the credit is yours to decide.
    return new ShareResult(ShareVerdict.Accepted) { Credit = new Difficulty(share.Difficulty.Value / 2) };
});

// Facts are events. They come after the answer is queued and in a session's order, and their handlers are quick.
server.SessionOpened += (_, session) => Console.WriteLine($"{session.Id} opened");
server.WorkerAuthorized += (_, e) => Console.WriteLine($"{e.Session.Id} authorized {e.Worker} with {e.Session.Tag}");
server.ShareAccepted += (_, e) => Console.WriteLine($"{e.Session.Id} accepted from {e.Worker} for {e.Difficulty}");
server.ShareRejected += (_, e) => Console.WriteLine($"{e.Session.Id} rejected: {e.Result.Text ?? e.Result.Verdict.ToString()}");
server.ProtocolError += (_, e) => Console.WriteLine($"{e.Session.Id} sent what is no message: {e.Text}");
server.SessionClosed += (_, e) => Console.WriteLine($"{e.Session.Id} closed: {e.Reason}");

// Rare ones may wait. This one would submit the block to a node.
server.BlockFound += async (_, block) =>
{
    await Task.Yield();
    Console.WriteLine($"block {block.Height}: {block.AssembleBlock().Length} bytes");
};

await server.StartAsync();

// A job from a template made by hand. regtest: every second hash is a block.
var network = Coin.Bitcoin.GetNetwork("regtest");
var template = new BlockTemplate
{
    Version = 0x20000000,
    PreviousBlock = Hash256.Parse("0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206"),
    Transactions = [],
    CoinbaseValue = 50_0000_0000,
    Bits = new CompactTarget(0x207fffff),
    CurTime = (uint)DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
    Height = 1,
};
var address = Address.Parse("bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080", Coin.Bitcoin, network);
await server.BroadcastAsync(Job.FromTemplate(template, Coin.Bitcoin, payTo: address, new JobOptions
{
    Tag = "/CommentedServer/",
    DifficultyMayExceedNetwork = network.DifficultyMayExceedNetwork, // elsewhere it would throw blocks away
}));

Console.WriteLine($"listening on port {server.Port}");
var end = new TaskCompletionSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
await end.Task;
Console.WriteLine("stopping");

void End(PosixSignalContext signal)
{
    signal.Cancel = true; // the process ends by leaving Main, which closes the sessions
    end.TrySetResult();
}
