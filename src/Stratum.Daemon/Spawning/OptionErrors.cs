using System.Net;

namespace Stratum.Daemon;

/// <summary>Whatever is wrong with the options of a spawned daemon, all at once.</summary>
internal static class OptionErrors
{
    // What we must know ourselves, and what would put a secret into the process list.
    private static readonly Dictionary<string, string> s_ownProperty = new()
    {
        ["rpcport"] = "Port",
        ["rpcuser"] = "User",
        ["rpcpassword"] = "Password, which keeps it out of the process list",
        ["datadir"] = "DataDir",
        ["chain"] = "Network",
        ["regtest"] = "Network",
        ["testnet"] = "Network",
        ["testnet4"] = "Network",
        ["signet"] = "Network",
        ["rpccookiefile"] = "nothing: the cookie is read in the data folder",
        ["daemon"] = "nothing: a daemon that leaves its process cannot be watched",
        ["daemonwait"] = "nothing: a daemon that leaves its process cannot be watched",
    };

    public static IReadOnlyList<string> Find(SpawnedDaemonOptions options) =>
    [
        .. Texts(options), .. Credentials(options), .. Ports(options), .. Arguments(options), .. Notifies(options),
        .. Times(options),
    ];

    private static IEnumerable<string> Texts(SpawnedDaemonOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Name) || options.Name.Any(char.IsControl))
        {
            yield return "Name must be a text of one line.";
        }

        bool arePaths = true;
        foreach ((string name, string? path) in new[]
        {
            (nameof(options.Path), options.Path), (nameof(options.StateFolder), options.StateFolder),
            (nameof(options.DataDir), options.DataDir ?? "-"),
        })
        {
            // A line break would end the line of a configuration file.
            if (string.IsNullOrWhiteSpace(path) || path.Any(char.IsControl))
            {
                arePaths = false;
                yield return $"{name} must be a path without control characters.";
            }
        }

        if (options.ConfigFile is { } file && (file.Length == 0 || file.Any(char.IsControl)))
        {
            yield return "ConfigFile must be the name of a file.";
        }

        if (arePaths && options.NeedsConfig && options.OwnConfigFile is { } own && !FitsConfig(own))
        {
            yield return $"DataDir and ConfigFile (or conf of Args) lead to {own}, which the file with the credentials"
                + " cannot name: move it to a path without # and without blanks at its end, set ConfigFile to null, or"
                + " use the daemon's cookie.";
        }

        if (!IPAddress.TryParse(options.Host, out IPAddress? host))
        {
            yield return $"Host must be an IP address (127.0.0.1), not {options.Host}.";
        }
        else if (host.Equals(IPAddress.Any) || host.Equals(IPAddress.IPv6Any))
        {
            yield return $"Host must be an address that can be called, not {options.Host}: add -rpcbind and -rpcallowip"
                + " to Args for others.";
        }
    }

    private static IEnumerable<string> Credentials(SpawnedDaemonOptions options)
    {
        if ((options.User is null) != (options.Password is null))
        {
            yield return "User and Password are given together; without them the daemon's cookie is used.";
        }

        if (options.GenerateCredentials && (options.User ?? options.Password) is not null)
        {
            yield return "GenerateCredentials and User with Password exclude each other.";
        }

        foreach ((string name, string? text) in new[] { ("User", options.User), ("Password", options.Password) })
        {
            if (text is not null && !FitsConfig(text))
            {
                yield return $"{name} must be of one line, not empty, without # and without blanks at its ends: the"
                    + " daemon's configuration file cannot hold it otherwise.";
            }
        }

        if (options.User?.Contains(':') == true)
        {
            yield return "User must not contain a colon: HTTP Basic authentication ends the name there.";
        }
    }

    // As the daemon reads its configuration: # begins a comment, and blanks at the ends are cut off.
    private static bool FitsConfig(string text) =>
        text.Length > 0 && !text.Any(char.IsControl) && !text.Contains('#') && text.Trim() == text;

    private static IEnumerable<string> Ports(SpawnedDaemonOptions options)
    {
        if (options.Port is < 0 or > ushort.MaxValue)
        {
            yield return $"Port must be 0 to 65535, not {options.Port}.";
        }

        if (options.PeerPort is < 0 or > ushort.MaxValue)
        {
            yield return $"PeerPort must be 0 to 65535, not {options.PeerPort}.";
        }

        if (options.Port > 0 && options.Port == options.PeerPort)
        {
            yield return "Port and PeerPort must differ.";
        }
    }

    private static IEnumerable<string> Arguments(SpawnedDaemonOptions options)
    {
        foreach (string argument in options.Args)
        {
            string name = SpawnArguments.NameOf(argument ?? "");
            if (name.Length == 0 || argument!.Contains('\0'))
            {
                yield return "An argument of Args is empty or holds a zero character.";
            }
            else if (s_ownProperty.TryGetValue(SpawnArguments.WithoutNo(name), out string? property))
            {
                // Not the argument itself: it may hold a password.
                yield return $"{name} does not belong into Args: set {property}.";
            }
        }
    }

    private static IEnumerable<string> Notifies(SpawnedDaemonOptions options)
    {
        if (options.NotifyCommand is not { } command)
        {
            yield break;
        }

        if (!System.IO.Path.IsPathRooted(command.Program)
            || command.PasswordFile is { } file && !System.IO.Path.IsPathRooted(file))
        {
            yield return "NotifyCommand's Program and PasswordFile must be absolute paths: the daemon runs elsewhere.";
        }

        if (command.Port is <= 0 or > ushort.MaxValue)
        {
            yield return $"NotifyCommand's Port must be 1 to 65535, not {command.Port}.";
        }

        if (options.Notify.FirstOrDefault(kind => !Enum.IsDefined(kind)) is var odd && !Enum.IsDefined(odd))
        {
            yield return $"Notify knows block, wallet and alert, not {odd}.";
        }
    }

    private static IEnumerable<string> Times(SpawnedDaemonOptions options)
    {
        foreach ((string name, TimeSpan time) in new[]
        {
            (nameof(options.StartTimeout), options.StartTimeout), (nameof(options.StopTimeout), options.StopTimeout),
            (nameof(options.TerminateTimeout), options.TerminateTimeout),
            (nameof(options.CallTimeout), options.CallTimeout), (nameof(options.CheckInterval), options.CheckInterval),
            (nameof(options.MinRestartDelay), options.MinRestartDelay),
            (nameof(options.MaxRestartDelay), options.MaxRestartDelay),
            (nameof(options.StableAfter), options.StableAfter),
        })
        {
            if (time <= TimeSpan.Zero || time > TimeSpan.FromDays(1))
            {
                yield return $"{name} must be positive and at most a day.";
            }
        }

        if (options.MaxRestartDelay < options.MinRestartDelay)
        {
            yield return "MaxRestartDelay must not be below MinRestartDelay.";
        }
    }
}
