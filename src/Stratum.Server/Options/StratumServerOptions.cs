using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Stratum.Mining;
using Stratum.Protocol;

namespace Stratum.Server;

/// <summary>
/// How a <see cref="StratumServer"/> listens and what it offers. <c>AddStratumServer</c> reads it from an
/// <c>IConfiguration</c> section.
/// </summary>
public sealed class StratumServerOptions
{
    /// <summary>A copy of <see cref="Default"/>.</summary>
    public StratumServerOptions()
        : this(Default)
    {
    }

    private StratumServerOptions(StratumServerOptions? from)
    {
        if (from is null)
            return;
        Address = from.Address;
        Port = from.Port;
        Listen = [.. from.Listen];
        Hostname = from.Hostname;
        CertificateFile = from.CertificateFile;
        CertificateKeyFile = from.CertificateKeyFile;
        CertificatePasswordFile = from.CertificatePasswordFile;
        // A copy: whoever sets its members by reflection would set those of Default and of everybody.
        Work = from.Work with { };
        Difficulty = from.Difficulty;
        MinimumDifficulty = from.MinimumDifficulty;
        MaximumDifficulty = from.MaximumDifficulty;
        DifficultyPolicy = from.DifficultyPolicy;
        KeepAlive = from.KeepAlive;
        TooBusy = from.TooBusy;
        AnswerTransactions = from.AnswerTransactions;
        Handlers = from.Handlers;
        Transport = from.Transport;
        LoopThreads = from.LoopThreads;
        Limits = from.Limits.Copy();
        Methods = from.Methods.Copy();
        TimeProvider = from.TimeProvider;
        LoggerFactory = from.LoggerFactory;
        MeterFactory = from.MeterFactory;
    }

    /// <summary>What every new options object starts from. Set it once, at the start of the process.</summary>
    public static StratumServerOptions Default { get; } = new(null);

    /// <summary>The address to listen on when <see cref="Listen"/> is empty.</summary>
    /// <value>Default 127.0.0.1: opening the pool to a network is a decision.</value>
    public IPAddress Address { get; set; } = IPAddress.Loopback;

    /// <summary>The port to listen on when <see cref="Listen"/> is empty; 0 picks a free one.</summary>
    /// <value>Default 3333, the usual port of Stratum.</value>
    public int Port { get; set; } = 3333;

    /// <summary>Addresses and ports to listen on, in place of <see cref="Address"/> and <see cref="Port"/>.</summary>
    /// <value>Default empty.</value>
    public IList<IPEndPoint> Listen { get; private set; } = [];

    /// <summary>
    /// The host that miners who ask by HTTP (getwork) are sent to, by the header <c>X-Stratum</c>: a name or an
    /// address, without scheme and port. The port is the one that they reached.
    /// </summary>
    /// <value>Default null: the address that they reached, which is right unless it is translated on the way.</value>
    public string? Hostname { get; set; }

    /// <summary>
    /// Certificate for TLS, which then shares every port with plain connections: PEM or PFX. Reloaded when it changes.
    /// </summary>
    /// <value>Default null: a TLS hello is closed.</value>
    public string? CertificateFile { get; set; }

    /// <summary>Private key in PEM when it is not in <see cref="CertificateFile"/>.</summary>
    /// <value>Default null.</value>
    public string? CertificateKeyFile { get; set; }

    /// <summary>File whose first line is the password of the PFX file or of the PEM key.</summary>
    /// <value>Default null: no password.</value>
    public string? CertificatePasswordFile { get; set; }

    /// <summary>Extranonce sizes, version mask and memory of the default work source.</summary>
    /// <value>Default 4 + 8 bytes, mask 1fffe000.</value>
    public WorkSourceOptions Work { get; set; } = new();

    /// <summary>The difficulty of a new session.</summary>
    /// <value>Default 1: a share every few milliseconds for an ASIC, for which a policy raises it at once.</value>
    public Difficulty Difficulty { get; set; } = new(1);

    /// <summary>The lowest difficulty that a miner's wish can reach.</summary>
    /// <value>Default null: the floor of the algorithm (2.33e-10 sha256d, 1.53e-5 scrypt).</value>
    public Difficulty? MinimumDifficulty { get; set; }

    /// <summary>The highest difficulty that a miner's wish or the policy can reach.</summary>
    /// <value>Default null: the network's.</value>
    public Difficulty? MaximumDifficulty { get; set; }

    /// <summary>Variable difficulty; asked where <see cref="Handlers"/> says.</summary>
    /// <value>Default null: a session keeps its difficulty unless the miner asks for another.</value>
    public IDifficultyPolicy? DifficultyPolicy { get; set; }

    /// <summary>After this long without a line to a session it gets its work anew.</summary>
    /// <value>Default 45 s: cgminer gives a pool up after 90 s, others after 60.</value>
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>
    /// How late the server may do its work before it refuses new connections: with growing probability, all of them at
    /// twice as much, so that the miners that are connected get their jobs and answers in time. What is measured is how
    /// late the thread pool and, with <see cref="SessionTransport.Loop"/>, each of its threads get to what waits for them:
    /// the latest of them counts, smoothed over two seconds.
    /// </summary>
    /// <value>Default 70 ms, as in the library that this one descends from: a server that keeps up is at one or two, and
    /// one that is at 70 will not keep up with more. Null or zero: never.</value>
    public TimeSpan? TooBusy { get; set; } = TimeSpan.FromMilliseconds(70);

    /// <summary>
    /// Whether <c>mining.get_transactions</c> is answered with the transactions, once per job and session.
    /// </summary>
    /// <value>Default false: an empty list, which satisfies BFGMiner and costs nothing.</value>
    public bool AnswerTransactions { get; set; }

    /// <summary>Where the handlers that you register and your <see cref="DifficultyPolicy"/> run.</summary>
    /// <value>Default <see cref="HandlerScheduling.ThreadPool"/>: a handler may wait.</value>
    public HandlerScheduling Handlers { get; set; } = HandlerScheduling.ThreadPool;

    /// <summary>What carries the sessions of plain TCP connections; the log's first line says which one does.</summary>
    /// <value>Default <see cref="SessionTransport.Auto"/>, the fastest that works here: the loop costs a third of the
    /// processor time and less than half of the memory.</value>
    public SessionTransport Transport { get; set; } = SessionTransport.Auto;

    /// <summary>Threads of <see cref="SessionTransport.Loop"/>; 0 is one a processor.</summary>
    /// <value>Default 0: each carries its sessions alone, so more would only take turns.</value>
    public int LoopThreads { get; set; }

    /// <summary>What a peer may take.</summary>
    public StratumServerLimits Limits { get; private set; } = new();

    /// <summary>Methods of your own that every server made from these options answers.</summary>
    public StratumMethods Methods { get; private set; } = new();

    /// <summary>The clock.</summary>
    /// <value>Default the system's.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Where logs go.</summary>
    /// <value>Default null: nowhere, or to standard error when the environment has <c>DEBUG=stratum</c>.</value>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>Where metrics are registered.</summary>
    /// <value>Default null: a meter of its own named <c>Stratum.Server</c>.</value>
    public IMeterFactory? MeterFactory { get; set; }

    internal IReadOnlyList<IPEndPoint> EndPoints => Listen.Count > 0 ? [.. Listen] : [new IPEndPoint(Address, Port)];

    /// <summary>A copy that is changed by itself.</summary>
    public StratumServerOptions Copy() => new(this);

    /// <summary>
    /// Sets what a section of a configuration has: the names of the options (<c>Port</c>, <c>Listen:0</c>,
    /// <c>Limits:MaxConnections</c>); times as <c>00:00:30</c>, end points as <c>0.0.0.0:3333</c>.
    /// </summary>
    /// <exception cref="FormatException">A value cannot be read; the text names its key.</exception>
    public void Read(IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        OptionsReader.Read(section, this);
    }

    /// <summary>Everything that is wrong with these options; empty when they are fine.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>(Limits.Errors());
        if (Port is < 0 or > 65535)
            errors.Add($"Port is {Port}: a port is 0 (pick one) to 65535.");
        // It goes into a header as it is, so nothing but ASCII will do.
        if (Hostname is { } host && (Uri.CheckHostName(host) == UriHostNameType.Unknown || !Ascii.IsValid(host)))
            errors.Add($"Hostname is '{host.ReplaceLineEndings(" ")}': it must be a name or an address without scheme and port, "
                + "such as pool.example.com.");
        if (LoopThreads is < 0 or > 1024)
            errors.Add($"LoopThreads is {LoopThreads}: 0 (one a processor) to 1024.");
        CheckDifficulty(nameof(Difficulty), Difficulty);
        CheckDifficulty(nameof(MinimumDifficulty), MinimumDifficulty);
        CheckDifficulty(nameof(MaximumDifficulty), MaximumDifficulty);
        if (MinimumDifficulty is { } minimum && MaximumDifficulty is { } maximum && minimum > maximum)
            errors.Add($"MinimumDifficulty {minimum} is above MaximumDifficulty {maximum}.");
        // The heartbeat looks once a second: with 49 s something is sent every 50.
        if (KeepAlive < TimeSpan.FromSeconds(1) || KeepAlive > TimeSpan.FromSeconds(49))
            errors.Add($"KeepAlive is {KeepAlive}: some miners give a pool up after a minute of silence; 1 s to 49 s.");
        if (TooBusy < TimeSpan.Zero)
            errors.Add($"TooBusy is {TooBusy}: it must be longer than nothing, or null for never.");
        if (CertificateKeyFile is not null && CertificateFile is null)
            errors.Add("CertificateKeyFile is set without CertificateFile.");
        try
        {
            _ = new WorkSource(Work);
        }
        catch (ArgumentException error)
        {
            errors.Add(error.Message);
        }
        return errors;

        void CheckDifficulty(string name, Difficulty? difficulty)
        {
            // As a number: a difficulty that is none has no text.
            if (difficulty is { Value: var value } && !(double.IsFinite(value) && value >= Difficulty.Floor().Value))
                errors.Add($"{name} is {value}: it must be a number of at least {Difficulty.Floor()}; "
                    + "below, every hash is a share.");
        }
    }
}
