// A solo pool in an ASP.NET Core application: its settings in appsettings.json, its logs where the application's go, and a
// health check. Any setting may also come from the environment (Pool__Server__Port) or from here:
//   dotnet run --project samples/AspNetCoreHost -- --Pool:Daemons:0:CookieFile ~/.bitcoin/regtest/.cookie
//   curl http://127.0.0.1:5000/health
using Stratum.Pool;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddMiningPool(builder.Configuration.GetSection("Pool"));
var app = builder.Build();

// The pool starts with the application. Its events come from now on; quick handlers only.
var pool = app.Services.GetRequiredService<MiningPool>();
pool.Server.ShareAccepted += (_, share) => app.Logger.LogInformation("Share of {Worker}, {Difficulty}", share.Worker, share.Difficulty);
pool.BlockSubmitted += block => app.Logger.LogInformation("Block {Height} of {Worker}: {State}", block.Height, block.Worker, block.State);

// Healthy: miners have work. Degraded (200, too): no daemon answers, the last work is mined on. Unhealthy (503): there is none.
app.MapHealthChecks("/health");
app.MapGet("/miners", () => pool.Server.Sessions.SelectMany(session => session.Workers, (session, worker) => new
{
    Worker = worker.Value, session.Accepted, Difficulty = session.Difficulty.Value,
}));

app.Run();
