using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Stratum.Rpc;

namespace Stratum.Server;

/// <summary>Where an <see cref="RpcServer"/> listens and whom it lets in.</summary>
public sealed class RpcServerOptions
{
    /// <summary>A copy of <see cref="Default"/>.</summary>
    public RpcServerOptions()
        : this(Default)
    {
    }

    private RpcServerOptions(RpcServerOptions? from)
    {
        if (from is null)
            return;
        Address = from.Address;
        Port = from.Port;
        PreferredPort = from.PreferredPort;
        Mode = from.Mode;
        PasswordHashes = [.. from.PasswordHashes];
        SecretHashes = [.. from.SecretHashes];
        Limits = from.Limits.Copy();
        HttpStatus = from.HttpStatus;
        HttpFilter = from.HttpFilter;
        Admits = from.Admits;
        TimeProvider = from.TimeProvider;
        LoggerFactory = from.LoggerFactory;
    }

    /// <summary>What every new options object starts from. Set it once, at the start of the process.</summary>
    public static RpcServerOptions Default { get; } = new(null);

    /// <summary>The address to listen on.</summary>
    /// <value>Default 127.0.0.1: any other is refused without a password.</value>
    public IPAddress Address { get; set; } = IPAddress.Loopback;

    /// <summary>The port to listen on; 0 picks a free one.</summary>
    /// <value>Default 1337, the ancestor's.</value>
    public int Port { get; set; } = 1337;

    /// <summary>The port that 0 picks when it is free: that of last time, which others were told.</summary>
    /// <value>Default null: any.</value>
    public int? PreferredPort { get; set; }

    /// <summary>What is spoken on the port.</summary>
    /// <value>Default <see cref="RpcMode.Tcp"/>, the ancestor's: what nobody uses needs no door.</value>
    public RpcMode Mode { get; set; } = RpcMode.Tcp;

    /// <summary>SHA-256 in hex of each password that is let in (<see cref="RpcPassword.Hash"/>, <c>stratum
    /// hash-password</c>).</summary>
    /// <value>Default none: without <see cref="SecretHashes"/> too nobody is asked for one, which is allowed on a loopback address only.</value>
    public IList<string> PasswordHashes { get; private set; } = [];

    /// <summary>SHA-256 in hex of each secret that is let in as a password is, and that a program made of 128 random bits
    /// or more: that of a daemon's notify command. No wrong passwords from its address shut it out.</summary>
    /// <value>Default none. Never a password that a person chose: these may be tried without a limit.</value>
    public IList<string> SecretHashes { get; private set; } = [];

    /// <summary>What a caller may take.</summary>
    public RpcServerLimits Limits { get; private set; } = new();

    /// <summary>The HTTP status of an error's code, for calls that are not of version 2.0, whose errors come with 200.
    /// </summary>
    /// <value>Default null: 400 for what is no call, 404 for a method that nobody answers, 500 for others.</value>
    public Func<int, int>? HttpStatus { get; set; }

    /// <summary>Stands around every HTTP request before anything looked at it. An exception of it is logged and answered
    /// with status 500.</summary>
    /// <value>Default null.</value>
    public Func<HttpContext, RequestDelegate, Task>? HttpFilter { get; set; }

    /// <summary>Whether a connection from this address is let in; others are reset before a byte was read.</summary>
    /// <value>Default null: every one.</value>
    public Func<IPEndPoint, bool>? Admits { get; set; }

    /// <summary>The clock.</summary>
    /// <value>Default the system's.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Where logs go. No password comes into them.</summary>
    /// <value>Default null: nowhere.</value>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>A copy that is changed by itself.</summary>
    public RpcServerOptions Copy() => new(this);

    /// <summary>Everything that is wrong with these options; empty when they are fine.</summary>
    public IReadOnlyList<string> Validate() => Validate(null);

    internal IReadOnlyList<string> Validate(RpcDispatcher? dispatcher)
    {
        var errors = new List<string>(Limits.Errors());
        if (Port is < 0 or > 65535)
            errors.Add($"Port is {Port}: a port is 0 (pick one) to 65535.");
        if (PreferredPort is < 1 or > 65535)
            errors.Add($"PreferredPort is {PreferredPort}: a port is 1 to 65535.");
        if (!Enum.IsDefined(Mode))
            errors.Add($"Mode is {Mode}: it is Tcp, Http or Both.");
        var wantsPassword = dispatcher?.WantsPassword ?? false;
        foreach (var (name, hashes) in new[] { (nameof(PasswordHashes), PasswordHashes), (nameof(SecretHashes), SecretHashes) })
        {
            // Without what it is: perhaps a password that came to the wrong place.
            for (var i = 0; i < hashes.Count; i++)
                if (!RpcPassword.IsHash(hashes[i]))
                    errors.Add($"{name}[{i}] is not 64 hex digits: give the SHA-256 that 'stratum hash-password' prints, not the password.");
            if (dispatcher is not null && hashes.Count > 0)
                errors.Add($"{name} are given beside a dispatcher of your own: give them to it (RpcDispatcherOptions.{name}).");
            wantsPassword |= dispatcher is null && hashes.Count > 0;
        }
        if (!wantsPassword && !IPAddress.IsLoopback(Address))
            errors.Add($"Address is {Address}, which other machines may reach, and there is no password: set one "
                + "('stratum hash-password' prints what PasswordHashes and --rpc-password-hash take) or listen on 127.0.0.1.");
        return errors;
    }

    internal RpcDispatcherOptions ForDispatcher() => new()
    {
        PasswordHashes = [.. PasswordHashes],
        SecretHashes = [.. SecretHashes],
        MaxWrongPasswords = Limits.MaxWrongPasswords,
        MaxBatch = Limits.MaxBatch,
        CallTimeout = Limits.CallTimeout,
        TimeProvider = TimeProvider,
        LoggerFactory = LoggerFactory,
    };
}
