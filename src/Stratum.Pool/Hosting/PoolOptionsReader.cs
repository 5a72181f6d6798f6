using System.Globalization;
using Microsoft.Extensions.Configuration;
using Stratum.Daemon;
using Stratum.Mining;
using Stratum.Server;

namespace Stratum.Pool;

/// <summary>Reads a pool's options from a configuration section, by hand as the server's: see there.</summary>
internal static class PoolOptionsReader
{
    private static readonly Dictionary<string, Func<MiningPoolOptions, string, MiningPoolOptions>> s_pool = new()
    {
        ["Tag"] = (options, text) => options with { Tag = text },
        ["JournalFile"] = (options, text) => options with { JournalFile = text },
        ["Confirmations"] = (options, text) => options with { Confirmations = int.Parse(text, CultureInfo.InvariantCulture) },
        ["MaxWorkAge"] = (options, text) => options with { MaxWorkAge = OptionsReader.Duration(text) },
    };

    private static readonly Dictionary<string, Func<CoinDaemonOptions, string, CoinDaemonOptions>> s_daemon = new()
    {
        ["Url"] = (options, text) => options with { Url = FindUrl(text) },
        ["CookieFile"] = (options, text) => options with { CookieFile = text },
        ["User"] = (options, text) => options with { User = text },
        ["PasswordFile"] = (options, text) => options with { PasswordFile = text },
        ["Password"] = (options, text) => options with { Password = text },
        ["Name"] = (options, text) => options with { Name = text },
        ["UseLongPoll"] = (options, text) => options with { UseLongPoll = bool.Parse(text) },
        ["CallTimeout"] = (options, text) => options with { CallTimeout = OptionsReader.Duration(text) },
        ["LongPollTimeout"] = (options, text) => options with { LongPollTimeout = OptionsReader.Duration(text) },
        ["TipCheckInterval"] = (options, text) => options with { TipCheckInterval = OptionsReader.Duration(text) },
        ["TipCheckTimeout"] = (options, text) => options with { TipCheckTimeout = OptionsReader.Duration(text) },
        ["PollInterval"] = (options, text) => options with { PollInterval = OptionsReader.Duration(text) },
        ["JobInterval"] = (options, text) => options with { JobInterval = OptionsReader.Duration(text) },
        ["HealthInterval"] = (options, text) => options with { HealthInterval = OptionsReader.Duration(text) },
        ["MinRetryDelay"] = (options, text) => options with { MinRetryDelay = OptionsReader.Duration(text) },
        ["MaxRetryDelay"] = (options, text) => options with { MaxRetryDelay = OptionsReader.Duration(text) },
    };

    /// <summary>All names below the section, and below one of its daemons.</summary>
    public static (IEnumerable<string> Pool, IEnumerable<string> Daemon) Names =>
        (["Coin", "Network", "PayTo", "Outputs", "Daemons", "Server", .. s_pool.Keys], s_daemon.Keys);

    /// <exception cref="FormatException">A value is missing or cannot be read; the text names its key.</exception>
    public static MiningPoolOptions Read(IConfiguration section)
    {
        var coin = Value(section, "Coin", FindCoin) ?? Coin.Bitcoin;
        var network = Value(section, "Network", coin.GetNetwork) ?? coin.GetNetwork("mainnet");
        var server = new StratumServerOptions();
        server.Read(section.GetSection("Server"));
        return ReadAll(section, s_pool, new MiningPoolOptions
        {
            Coin = coin,
            Network = network,
            PayTo = Value(section, "PayTo", text => Address.Parse(text, coin, network))
                ?? throw new FormatException($"{Key(section, "PayTo")} is missing: the address that blocks pay."),
            Outputs =
            [
                .. from output in section.GetSection("Outputs").GetChildren()
                   select Value(section, $"Outputs:{output.Key}", text => FindOutput(text, coin, network)),
            ],
            Daemons =
            [
                .. from daemon in section.GetSection("Daemons").GetChildren()
                   select ReadAll(daemon, s_daemon, new CoinDaemonOptions
                   {
                       Coin = coin, Network = network, Url = new Uri($"http://127.0.0.1:{network.RpcPort}"),
                   }),
            ],
            Server = server,
        });
    }

    private static T ReadAll<T>(IConfiguration section, Dictionary<string, Func<T, string, T>> setters, T options)
        where T : class
    {
        foreach (var (name, set) in setters)
            options = Value(section, name, text => set(options, text)) ?? options;
        return options;
    }

    private static T? Value<T>(IConfiguration section, string name, Func<string, T> parse)
        where T : class
    {
        if (section[name] is not { } text)
            return null;
        try
        {
            return parse(text);
        }
        catch (Exception error) when (error is FormatException or ArgumentException or OverflowException)
        {
            // What is no URL may have a password in it all the same.
            var what = name == "Url" ? "cannot be read" : $"is '{text}', which cannot be read";
            throw new FormatException($"{Key(section, name)} {what}: {error.Message}", error);
        }
    }

    private static string Key(IConfiguration section, string name) =>
        section is IConfigurationSection { Path: var path } ? $"{path}:{name}" : name;

    private static Uri FindUrl(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url)
        ? url : throw new FormatException("it must be a URL such as http://127.0.0.1:8332.");

    private static Coin FindCoin(string text) => Coin.TryFind(text, out var coin)
        ? coin : throw new FormatException($"there are {string.Join(", ", Coin.Known.Select(known => known.Name))}.");

    private static RewardOutput FindOutput(string text, Coin coin, CoinNetwork network) =>
        RewardOutput.TryParse(text, coin, network, out var output, out var error) ? output : throw new FormatException(error);
}
