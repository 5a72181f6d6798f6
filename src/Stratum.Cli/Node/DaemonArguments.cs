using System.CommandLine;
using Stratum.Daemon;
using Stratum.Mining;

namespace Stratum.Cli;

/// <summary>
/// The options that say which coin daemons there are. <c>--daemon</c> repeats; the credentials do too, one for each
/// daemon in their order, or one for all.
/// </summary>
internal sealed class DaemonArguments
{
    private readonly Option<string[]> _daemon = new("--daemon")
    {
        Description = "A coin daemon's RPC: http://127.0.0.1:8332; may be repeated.", HelpName = "URL",
    };

    private readonly Option<string[]> _cookie = new("--rpc-cookie")
    {
        Description = "The daemon's cookie file (.cookie in its datadir); one for all daemons, or one for each.", HelpName = "FILE",
    };

    private readonly Option<string[]> _user = new("--rpc-user")
    {
        Description = "The daemon's rpcuser; one for all daemons, or one for each.", HelpName = "USER",
    };

    private readonly Option<string[]> _passwordFile = new("--rpc-password-file")
    {
        Description = "With --rpc-user: file whose first line is the daemon's rpcpassword, one for all daemons or one for each. "
            + "Without: that of the JSON-RPC server.",
        HelpName = "FILE",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_daemon);
        command.Options.Add(_cookie);
        command.Options.Add(_user);
        command.Options.Add(_passwordFile);
    }

    /// <summary>The one option that two have: whose it is, <see cref="HavePassword"/> says.</summary>
    public Option<string[]> PasswordFile => _passwordFile;

    /// <summary>Whether the password file is the daemons'.</summary>
    public bool HavePassword(ParseResult arguments) => arguments.GetValue(_user) is { Length: > 0 };

    public bool AreGiven(ParseResult arguments) => arguments.GetValue(_daemon) is { Length: > 0 };

    /// <summary>All daemons in their order.</summary>
    /// <exception cref="UsageException">A URL is none, one is given twice, or the credentials do not fit.</exception>
    public IReadOnlyList<CoinDaemonOptions> Read(ParseResult arguments, Coin coin, CoinNetwork network)
    {
        var urls = (arguments.GetValue(_daemon) ?? []).Select(text => ReadUrl(text, network)).ToList();
        if (urls.FirstOrDefault(url => urls.Count(other => IsSame(url, other)) > 1) is { } twice)
            throw new UsageException($"--daemon: {twice} is given twice.");
        var cookies = arguments.GetValue(_cookie) ?? [];
        var users = arguments.GetValue(_user) ?? [];
        var passwords = HavePassword(arguments) ? arguments.GetValue(_passwordFile) ?? [] : [];
        if (cookies.Length == 0 == (users.Length == 0) || users.Length == 0 != (passwords.Length == 0))
            throw new UsageException("Give either --rpc-cookie FILE, or --rpc-user USER with --rpc-password-file FILE, not both.");
        return [.. urls.Select((url, index) => new CoinDaemonOptions
        {
            Url = url,
            Coin = coin,
            Network = network,
            CookieFile = Pick(cookies, index, urls.Count, "--rpc-cookie"),
            User = Pick(users, index, urls.Count, "--rpc-user"),
            PasswordFile = Pick(passwords, index, urls.Count, "--rpc-password-file"),
        })];
    }

    // One node under two names of this machine would be no second one.
    private static bool IsSame(Uri one, Uri other) =>
        one.Port == other.Port && one.AbsolutePath == other.AbsolutePath
        && (one.Host == other.Host || (one.IsLoopback && other.IsLoopback));

    private static Uri ReadUrl(string text, CoinNetwork network) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw new UsageException($"--daemon: '{text}' is not a URL; write http://127.0.0.1:{network.RpcPort}.");

    private static string? Pick(string[] values, int index, int daemons, string option) => values.Length switch
    {
        0 => null,
        1 => values[0],
        var count when count == daemons => values[index],
        var count => throw new UsageException(
            $"{option} is given {count} times for {daemons} daemons: give it once for all, or once for each in their order."),
    };
}
