using System.Globalization;
using System.Text;
using Stratum.Client;

namespace Stratum.Simulation;

/// <summary>What a <see cref="LoadRun"/> does to which server, and for how long.</summary>
public sealed record LoadOptions
{
    /// <summary>The most sessions at once; the system's limits are usually met before.</summary>
    public const int MaxConnections = 250_000;

    /// <summary>The most shares that a session may have unanswered.</summary>
    public const int MaxWindow = 4096;

    /// <summary>The longest <see cref="Duration"/> and <see cref="WarmUp"/>.</summary>
    public static TimeSpan MaxDuration => TimeSpan.FromHours(1);

    /// <summary>The server: any that speaks Stratum V1.</summary>
    public required StratumUrl Url { get; init; }

    /// <summary>What the sessions do.</summary>
    public required LoadMode Mode { get; init; }

    /// <summary>How many sessions there are at once.</summary>
    /// <value>Default 50: enough that the server never waits for one of them.</value>
    public int Connections { get; init; } = 50;

    /// <summary>
    /// Shares that every session keeps unanswered, in a closed loop; only with <see cref="LoadMode.Submit"/> and
    /// <see cref="LoadMode.Solve"/>.
    /// </summary>
    /// <value>Default null: 1, unless <see cref="Rate"/> is given.</value>
    public int? Window { get; init; }

    /// <summary>
    /// Shares a second of all sessions together, in an open loop: each is due at its moment whether or not the ones
    /// before were answered, and its latency counts from then.
    /// </summary>
    /// <value>Default null: <see cref="Window"/> decides.</value>
    public double? Rate { get; init; }

    /// <summary>How long it measures.</summary>
    /// <value>Default 10 s: figures of shorter runs differ from run to run.</value>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long it does the same before it measures.</summary>
    /// <value>Default 1 s: a server that is compiled while it runs has its code by then.</value>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The user name of all sessions.</summary>
    /// <value>Default <c>bench.1</c>: an account with a worker, which every pool without accounts takes.</value>
    public string User { get; init; } = "bench.1";

    /// <summary>The password; never logged.</summary>
    /// <value>Default <c>x</c>.</value>
    public string Password { get; init; } = "x";

    /// <summary><c>sha256d</c> or <c>scrypt</c>: how <see cref="LoadMode.Solve"/> solves.</summary>
    /// <value>Default <c>sha256d</c>.</value>
    public string Algorithm { get; init; } = "sha256d";

    /// <summary>The server's process on this machine, whose processor time and memory are read (Linux only).</summary>
    /// <value>Default null: neither is told.</value>
    public int? ServerPid { get; init; }

    /// <summary>Whether a server that is not on this machine may be put under load.</summary>
    /// <value>Default false: a load generator that is pointed at somebody else's server is an attack.</value>
    public bool OwnsServer { get; init; }

    /// <summary>
    /// How long connecting and logging in may take, and the first job to come. All sessions together may take this long,
    /// a minute, or 10 ms a session, whichever is longest.
    /// </summary>
    /// <value>Default 10 s, as a miner waits.</value>
    public TimeSpan LoginTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long answers are waited for at the end, and a generator that is behind sends what was due; what comes later
    /// is lost.
    /// </summary>
    /// <value>Default 5 s: longer than any answer takes that is still worth something.</value>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether streams carry the connections also where the loop could.</summary>
    internal bool AvoidsLoop { get; init; }

    /// <summary>How long all logins together may take: few are under way at once.</summary>
    internal TimeSpan AllLoginsTimeout =>
        new[] { TimeSpan.FromMinutes(1), LoginTimeout, Connections * TimeSpan.FromMilliseconds(10) }.Max();

    internal bool Submits => Mode is LoadMode.Submit or LoadMode.Solve;

    /// <summary>0 in an open loop, and where nothing is submitted.</summary>
    internal int ActualWindow => Submits && Rate is null ? Window ?? 1 : 0;

    /// <summary>Everything that is wrong with these options; empty when they are fine.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        Check(Enum.IsDefined(Mode), $"Mode is {Mode}: submit, solve, broadcast, connect or idle.");
        Check(Connections is >= 1 and <= MaxConnections, $"Connections is {Connections}: 1 to {MaxConnections}.");
        Check(Window is null or >= 1 and <= MaxWindow, $"Window is {Window}: 1 to {MaxWindow}.");
        Check(Rate is null or > 0 and <= 10_000_000, string.Create(
            CultureInfo.InvariantCulture, $"Rate is {Rate}: above 0 and at most 10000000 a second."));
        Check(Window is null || Rate is null, "Window and Rate are both set: choose the closed loop or the open one.");
        Check(Submits || (Window is null && Rate is null),
            $"Window and Rate belong to submit and solve: {Mode.ToString().ToLowerInvariant()} hands in no shares.");
        Check(IsSpan(Duration, TimeSpan.FromMilliseconds(1)), $"Duration is {Duration}: 1 ms to {MaxDuration.TotalHours} h.");
        Check(IsSpan(WarmUp, TimeSpan.Zero), $"WarmUp is {WarmUp}: 0 to {MaxDuration.TotalHours} h.");
        Check(IsSpan(LoginTimeout, TimeSpan.FromMilliseconds(1)), $"LoginTimeout is {LoginTimeout}: 1 ms to {MaxDuration.TotalHours} h.");
        Check(IsSpan(DrainTimeout, TimeSpan.Zero), $"DrainTimeout is {DrainTimeout}: 0 to {MaxDuration.TotalHours} h.");
        Check(User is { Length: >= 1 and <= 256 }, "User is empty or longer than 256 characters.");
        Check(Password is { Length: <= 256 }, "Password is longer than 256 characters.");
        Check(Algorithm is "sha256d" or "scrypt", $"Algorithm is '{Algorithm}': sha256d or scrypt.");
        Check(ServerPid is null or > 0, $"ServerPid is {ServerPid}: above 0.");
        return errors;

        void Check(bool isFine, string error)
        {
            if (!isFine)
            {
                errors.Add(error);
            }
        }
    }

    private static bool IsSpan(TimeSpan value, TimeSpan least) => value >= least && value <= MaxDuration;

    // Records print every property; a password has no place in a log.
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append(CultureInfo.InvariantCulture,
            $"Url = {Url}, Mode = {Mode}, Connections = {Connections}, Window = {Window}, Rate = {Rate}, Duration = {Duration}, User = {User}, Password = ***");
        return true;
    }
}
