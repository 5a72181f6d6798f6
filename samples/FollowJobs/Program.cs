// Follows the jobs of a pool and prints them; ends after some, or by Ctrl-C.
//   dotnet run --project samples/FollowJobs -- stratum+tcp://127.0.0.1:3333 10 account.worker
using Stratum.Client;

var url = args.Length > 0 ? args[0] : "stratum+tcp://127.0.0.1:3333";
var left = args.Length > 1 ? int.Parse(args[1]) : 10;
var user = args.Length > 2 ? args[2] : "account.worker";

// Options are a record: change a copy of the defaults. A pool that is lost is tried again for a minute.
await using var client = new StratumClient(StratumClientOptions.Default with
{
    User = user,
    ReconnectFor = TimeSpan.FromMinutes(1),
});
client.Reconnecting += (_, _) =>
{
    Console.WriteLine("lost, trying again");
    return default;
};
client.MessageShown += (_, text) => Console.WriteLine($"message: {text}");

await client.ConnectAsync(url);
var subscribed = await client.LoginAsync();
Console.WriteLine($"extranonce1 {subscribed.Extranonce1}, {subscribed.Extranonce2Size} bytes of extranonce2");

// Each time the newest job that there is: a slow reader skips what is outdated. It goes on over reconnects.
await foreach (var job in client.Jobs())
{
    Console.WriteLine($"job {job.Id} on {job.Notify.PreviousBlock}, difficulty {job.Difficulty}{(job.Clean ? ", clean" : "")}");
    if (--left == 0)
        break;
}
