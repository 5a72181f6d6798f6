using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Logging;
using Stratum.Mining;

namespace Stratum.Client;

/// <summary>How a <see cref="StratumClient"/> logs in and what it puts up with. Change it with <c>with</c>.</summary>
public sealed record StratumClientOptions
{
    private static StratumClientOptions _default = new(builtIn: true);

    /// <summary>A copy of <see cref="Default"/>.</summary>
    public StratumClientOptions()
        : this(_default)
    {
    }

    // Runs the initializers below, which are the defaults.
    private StratumClientOptions(bool builtIn) => _ = builtIn;

    /// <summary>What every new options object of the process starts from. Set it once, at the start.</summary>
    public static StratumClientOptions Default
    {
        get => _default;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            _default = value;
        }
    }

    /// <summary>
    /// Name and version, told to the pool in subscribe and as the answer to <c>client.get_version</c>.
    /// </summary>
    /// <value>Default <c>Stratum.NET/version</c>.</value>
    public string UserAgent { get; init; } = "Stratum.NET/" + typeof(StratumClientOptions).Assembly.GetName().Version?.ToString(3);

    /// <summary>The worker that <see cref="StratumClient.LoginAsync"/> authorizes.</summary>
    /// <value>Default null: it only subscribes.</value>
    public string? User { get; init; }

    /// <summary>The worker's password; never logged.</summary>
    /// <value>Default <c>x</c>: most pools take anything, and some nothing empty.</value>
    public string Password { get; init; } = "x";

    /// <summary>The version bits that login asks to roll (BIP 310).</summary>
    /// <value>Default null: it does not ask; some pools never answer <c>mining.configure</c>.</value>
    public uint? VersionRollingMask { get; init; }

    /// <summary>The difficulty that login asks for.</summary>
    /// <value>Default null: the pool decides.</value>
    public Difficulty? SuggestDifficulty { get; init; }

    /// <summary>Whether login asks for <c>mining.set_extranonce</c>.</summary>
    /// <value>Default false: few pools know it, and those that push it do so to proxies and rentals.</value>
    public bool SubscribeExtranonce { get; init; }

    /// <summary>How long name lookup, TCP and TLS handshake may take together.</summary>
    /// <value>Default 15 s: three lost SYNs (1, 2 and 4 s) and a slow handshake.</value>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a call waits for its answer.</summary>
    /// <value>Default 30 s, as patient as cpuminer.</value>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long login waits for an answer to <c>mining.configure</c>, then goes on without version rolling.
    /// </summary>
    /// <value>Default 5 s: old pools do not answer unknown methods.</value>
    public TimeSpan ConfigureTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After this long without a line from the pool the connection counts as lost.</summary>
    /// <value>Default 120 s, as BFGMiner: pools send something every minute. Infinite: never.</value>
    public TimeSpan SilenceTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Whether a lost connection is made again, and all that was asked for on it.</summary>
    /// <value>Default true.</value>
    public bool Reconnect { get; init; } = true;

    /// <summary>
    /// How long to wait before the first try; doubled for each further one, with jitter of half of it.
    /// </summary>
    /// <value>Default 1 s: a restarted pool is there again, and its miners do not come in one instant.</value>
    public TimeSpan ReconnectDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait between two tries.</summary>
    /// <value>Default 60 s, as ckpool.</value>
    public TimeSpan MaxReconnectDelay { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a lost pool is tried before the client ends for good.</summary>
    /// <value>Default infinite.</value>
    public TimeSpan ReconnectFor { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>
    /// Whether a pool that lets us back no longer (it refused the login after a reconnect) is tried again.
    /// </summary>
    /// <value>Default false: the client ends with the pool's words.</value>
    public bool RetryRefusedLogin { get; init; }

    /// <summary>Whether <c>client.reconnect</c> is obeyed.</summary>
    /// <value>Default true, to the same host and those of <see cref="ReconnectHosts"/>; otherwise it is reported
    /// only.</value>
    public bool FollowReconnect { get; init; } = true;

    /// <summary>
    /// Other hosts that <c>client.reconnect</c> may name, exactly. Anyone on the way can write it into a plain
    /// connection, so a shared ending of the name is no proof.
    /// </summary>
    /// <value>Default empty.</value>
    public IReadOnlyList<string> ReconnectHosts { get; init; } = [];

    /// <summary>The longest wait that <c>client.reconnect</c> can ask for; more is shortened to this.</summary>
    /// <value>Default 60 s.</value>
    public TimeSpan MaxReconnectWait { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The longest line that a pool may send, in bytes.</summary>
    /// <value>Default 1 MiB: jobs are up to 20 KB, but lists of transactions are longer.</value>
    public int MaxLineLength { get; init; } = 1 << 20;

    /// <summary>How many calls may wait for their answer; further ones wait for their turn.</summary>
    /// <value>Default 1000.</value>
    public int MaxPendingCalls { get; init; } = 1000;

    /// <summary>How many bytes may wait for a pool that does not read; with more the connection is closed.</summary>
    /// <value>Default 1 MiB: thousands of shares.</value>
    public int MaxSendBuffer { get; init; } = 1 << 20;

    /// <summary>The name that the pool's certificate must have, where it is not the URL's host.</summary>
    /// <value>Default null.</value>
    public string? TlsHost { get; init; }

    /// <summary>Certificates that the pool's may be signed by (or be), in place of the system's.</summary>
    /// <value>Default null: the system's.</value>
    public X509Certificate2Collection? TlsTrustedRoots { get; init; }

    /// <summary>Takes any certificate, so that anyone on the way can be the pool. For tests.</summary>
    /// <value>Default false.</value>
    public bool DangerousAcceptAnyCertificate { get; init; }

    /// <summary>Where logs go; <c>Stratum.Client</c> at Trace shows every line, without passwords.</summary>
    /// <value>Default null: nowhere, or to standard error when the environment has <c>DEBUG=stratum</c>.</value>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>The clock.</summary>
    /// <value>Default the system's.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Everything that is wrong with these options; empty when they are fine.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        CheckTime(nameof(ConnectTimeout), ConnectTimeout, errors);
        CheckTime(nameof(CallTimeout), CallTimeout, errors);
        CheckTime(nameof(ConfigureTimeout), ConfigureTimeout, errors);
        CheckTime(nameof(SilenceTimeout), SilenceTimeout, errors);
        CheckTime(nameof(ReconnectFor), ReconnectFor, errors);
        if (ReconnectDelay <= TimeSpan.Zero || MaxReconnectDelay < ReconnectDelay)
            errors.Add($"ReconnectDelay is {ReconnectDelay}, MaxReconnectDelay {MaxReconnectDelay}: above 0 and in this order.");
        if (MaxReconnectWait < TimeSpan.Zero)
            errors.Add($"MaxReconnectWait is {MaxReconnectWait}: it must not be negative.");
        if (MaxLineLength < 1024)
            errors.Add($"MaxLineLength is {MaxLineLength}: jobs need 1024 bytes and more.");
        if (MaxPendingCalls < 1)
            errors.Add($"MaxPendingCalls is {MaxPendingCalls}: at least 1.");
        if (MaxSendBuffer < 1024)
            errors.Add($"MaxSendBuffer is {MaxSendBuffer}: at least 1024 bytes.");
        if (User is { Length: 0 })
            errors.Add("User is empty: name a worker, or leave it null to subscribe only.");
        return errors;
    }

    private static void CheckTime(string name, TimeSpan value, List<string> errors)
    {
        if (value <= TimeSpan.Zero && value != Timeout.InfiniteTimeSpan)
            errors.Add($"{name} is {value}: it must be above 0, or infinite.");
    }

    // Records print every property; a password has no place in a log.
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append("User = ").Append(User).Append(", Password = ***, UserAgent = ").Append(UserAgent);
        return true;
    }
}
