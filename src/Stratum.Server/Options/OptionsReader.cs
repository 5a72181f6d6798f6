using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;
using Stratum.Mining;

namespace Stratum.Server;

/// <summary>
/// Reads options from a configuration section by hand: the framework's binder needs reflection, and passes over
/// addresses and difficulties without a word.
/// </summary>
internal static class OptionsReader
{
    private static readonly Dictionary<string, Action<StratumServerOptions, string>> Setters = new()
    {
        ["Address"] = (options, text) => options.Address = IPAddress.Parse(text),
        ["Port"] = (options, text) => options.Port = Number(text),
        ["Hostname"] = (options, text) => options.Hostname = text,
        ["CertificateFile"] = (options, text) => options.CertificateFile = text,
        ["CertificateKeyFile"] = (options, text) => options.CertificateKeyFile = text,
        ["CertificatePasswordFile"] = (options, text) => options.CertificatePasswordFile = text,
        ["Difficulty"] = (options, text) => options.Difficulty = ToDifficulty(text),
        ["MinimumDifficulty"] = (options, text) => options.MinimumDifficulty = ToDifficulty(text),
        ["MaximumDifficulty"] = (options, text) => options.MaximumDifficulty = ToDifficulty(text),
        ["KeepAlive"] = (options, text) => options.KeepAlive = Duration(text),
        ["TooBusy"] = (options, text) => options.TooBusy = Duration(text),
        ["AnswerTransactions"] = (options, text) => options.AnswerTransactions = bool.Parse(text),
        ["Handlers"] = (options, text) => options.Handlers = Enum.Parse<HandlerScheduling>(text, ignoreCase: true),
        ["Transport"] = (options, text) => options.Transport = Enum.Parse<SessionTransport>(text, ignoreCase: true),
        ["LoopThreads"] = (options, text) => options.LoopThreads = Number(text),
        ["Work:Extranonce1Size"] = (options, text) => options.Work = options.Work with { Extranonce1Size = Number(text) },
        ["Work:Extranonce2Size"] = (options, text) => options.Work = options.Work with { Extranonce2Size = Number(text) },
        ["Work:VersionMask"] = (options, text) => options.Work = options.Work with
        {
            VersionMask = uint.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture),
        },
        ["Work:MaxJobs"] = (options, text) => options.Work = options.Work with { MaxJobs = Number(text) },
        ["Work:MaxJobAge"] = (options, text) => options.Work = options.Work with { MaxJobAge = Duration(text) },
        ["Work:MaxSeenShares"] = (options, text) => options.Work = options.Work with { MaxSeenShares = Number(text) },
        ["Limits:MaxLineLength"] = (options, text) => options.Limits.MaxLineLength = Number(text),
        ["Limits:MaxMalformedLines"] = (options, text) => options.Limits.MaxMalformedLines = Number(text),
        ["Limits:MaxOutputBytes"] = (options, text) => options.Limits.MaxOutputBytes = Number(text),
        ["Limits:MaxTotalOutputBytes"] = (options, text) => options.Limits.MaxTotalOutputBytes = long.Parse(text, CultureInfo.InvariantCulture),
        ["Limits:WriteTimeout"] = (options, text) => options.Limits.WriteTimeout = Duration(text),
        ["Limits:FirstBytesTimeout"] = (options, text) => options.Limits.FirstBytesTimeout = Duration(text),
        ["Limits:AuthorizeTimeout"] = (options, text) => options.Limits.AuthorizeTimeout = Duration(text),
        ["Limits:IdleTimeout"] = (options, text) => options.Limits.IdleTimeout = Duration(text),
        ["Limits:HandlerTimeout"] = (options, text) => options.Limits.HandlerTimeout = Duration(text),
        ["Limits:MaxConnections"] = (options, text) => options.Limits.MaxConnections = Number(text),
        ["Limits:MaxConnectionsPerAddress"] = (options, text) => options.Limits.MaxConnectionsPerAddress = Number(text),
        ["Limits:MaxWorkersPerSession"] = (options, text) => options.Limits.MaxWorkersPerSession = Number(text),
        ["Limits:MaxNameLength"] = (options, text) => options.Limits.MaxNameLength = Number(text),
        ["Limits:StopTimeout"] = (options, text) => options.Limits.StopTimeout = Duration(text),
    };

    public static IEnumerable<string> Names => Setters.Keys;

    /// <exception cref="FormatException">A value cannot be read; the text names its key.</exception>
    public static void Read(IConfiguration section, StratumServerOptions options)
    {
        foreach (var (name, set) in Setters)
        {
            if (section[name] is { } text)
                Set(name, text, value => set(options, value));
        }
        foreach (var item in section.GetSection("Listen").GetChildren())
            Set($"Listen:{item.Key}", item.Value ?? "", value => options.Listen.Add(IPEndPoint.Parse(value)));
    }

    private static void Set(string name, string text, Action<string> set)
    {
        try
        {
            set(text);
        }
        catch (Exception error) when (error is FormatException or ArgumentException or OverflowException)
        {
            throw new FormatException($"{name} is '{text}', which cannot be read: {error.Message}", error);
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>A time as <c>00:05:00</c>; a number alone is refused unless it is 0.</summary>
    /// <exception cref="FormatException">It is none; the text says how to write one.</exception>
    internal static TimeSpan Duration(string text)
    {
        // The framework reads a number alone as days: miners would mine for 300 of them on work that is gone.
        var readable = TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var value) && (text.Contains(':') || value == TimeSpan.Zero);
        return readable ? value : throw new FormatException("a time is hours:minutes:seconds, 00:05:00 for five minutes.");
    }

    private static Difficulty ToDifficulty(string text) =>
        Difficulty.TryParse(text, out var value) ? value : throw new FormatException("It must be a number above 0.");
}
