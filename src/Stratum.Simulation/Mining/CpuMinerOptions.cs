using Stratum.Client;

namespace Stratum.Simulation;

/// <summary>What a <see cref="CpuMiner"/> mines, where, and when it has enough.</summary>
public sealed record CpuMinerOptions
{
    /// <summary>The pool.</summary>
    public required StratumUrl Url { get; init; }

    /// <summary>The user name, usually an address or <c>account.worker</c>.</summary>
    public required string User { get; init; }

    /// <summary>The password; never logged.</summary>
    /// <value>Default <c>x</c>.</value>
    public string Password { get; init; } = "x";

    /// <summary><c>sha256d</c> or <c>scrypt</c>; decides the hash and the scale of difficulties.</summary>
    /// <value>Default <c>sha256d</c>.</value>
    public string Algorithm { get; init; } = "sha256d";

    /// <summary>How many threads hash.</summary>
    /// <value>Default 1: a test and a demo share the machine with the pool.</value>
    public int Threads { get; init; } = 1;

    /// <summary>Ends after this many accepted shares.</summary>
    /// <value>Default null: never.</value>
    public long? Shares { get; init; }

    /// <summary>Ends after this long.</summary>
    /// <value>Default null: never.</value>
    public TimeSpan? Duration { get; init; }

    /// <summary>How long a pool that is lost, or not there at the start, is tried again.</summary>
    /// <value>Default 60 s.</value>
    public TimeSpan RetryFor { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Everything else about the connection: user agent, version rolling, difficulty wish, TLS, logs, clock.
    /// </summary>
    /// <value>Default <see cref="StratumClientOptions.Default"/>, with tries every 5 s at the rarest.</value>
    public StratumClientOptions Client { get; init; } =
        StratumClientOptions.Default with { MaxReconnectDelay = TimeSpan.FromSeconds(5) };

    /// <summary>Everything that is wrong with these options; empty when they are fine.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>(Connection.Validate());
        if (Algorithm is not ("sha256d" or "scrypt"))
            errors.Add($"Algorithm is '{Algorithm}': sha256d or scrypt.");
        if (Threads is < 1 or > 1024)
            errors.Add($"Threads is {Threads}: 1 to 1024.");
        if (Shares is < 1)
            errors.Add($"Shares is {Shares}: at least 1.");
        if (Duration is { } duration && duration <= TimeSpan.Zero)
            errors.Add($"Duration is {duration}: above 0.");
        if (RetryFor < TimeSpan.Zero && RetryFor != Timeout.InfiniteTimeSpan)
            errors.Add($"RetryFor is {RetryFor}: 0 or more, or infinite.");
        return errors;
    }

    internal StratumClientOptions Connection => Client with
    {
        User = User,
        Password = Password,
        Reconnect = RetryFor != TimeSpan.Zero,
        ReconnectFor = RetryFor == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : RetryFor,
        RetryRefusedLogin = false,
    };

    // Records print every property; a password has no place in a log.
    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append($"Url = {Url}, User = {User}, Password = ***, Algorithm = {Algorithm}, Threads = {Threads}");
        return true;
    }
}
