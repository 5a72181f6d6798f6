using System.CommandLine;
using System.Globalization;
using System.Net;
using Stratum.Mining;
using Stratum.Server;

namespace Stratum.Cli;

/// <summary>Options that several verbs have, and how their values are read.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json() => new("--json")
    {
        Description = "Print JSON for programs to standard output, everything else to standard error.",
    };

    /// <summary>A duration: <c>500ms</c>, <c>20s</c>, <c>5m</c>, <c>1h</c>.</summary>
    public static Option<TimeSpan?> Duration(string name, string description) => new(name)
    {
        Description = description + " (500ms, 20s, 5m)",
        HelpName = "DURATION",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (TryParseDuration(text, out var duration))
                return duration;
            result.AddError($"{name}: '{text}' is not a duration; write 500ms, 20s, 5m or 1h.");
            return null;
        },
    };

    /// <summary>A difficulty above 0; exponents are read too.</summary>
    public static Option<Difficulty?> Difficulty(string description) => new("--difficulty")
    {
        Description = description,
        HelpName = "D",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (Mining.Difficulty.TryParse(text, out var difficulty))
                return difficulty;
            result.AddError($"--difficulty: '{text}' is not a number above 0.");
            return null;
        },
    };

    /// <summary>Addresses to listen on: <c>127.0.0.1:3333</c>, <c>0.0.0.0:3333</c>, <c>[::]:3333</c>.</summary>
    public static Option<IPEndPoint[]> Listen() => new("--listen")
    {
        Description = "Address and port to listen on; may be repeated.",
        HelpName = "HOST:PORT",
        CustomParser = result =>
        {
            var endPoints = new List<IPEndPoint>();
            foreach (var token in result.Tokens)
            {
                if (TryParseEndPoint(token.Value, out var endPoint))
                    endPoints.Add(endPoint);
                else
                    result.AddError($"--listen: '{token.Value}' is not an address with a port; write 0.0.0.0:3333 or [::]:3333.");
            }
            return [.. endPoints];
        },
    };

    /// <summary>What carries plain TCP.</summary>
    public static Option<SessionTransport> Transport() => new("--transport")
    {
        Description = "What carries plain TCP: loop (epoll, Linux), pipe (Kestrel's sockets), or auto, the fastest that works here.",
        HelpName = "auto|loop|pipe",
        DefaultValueFactory = _ => SessionTransport.Auto,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (Enum.TryParse<SessionTransport>(text, ignoreCase: true, out var transport) && !char.IsAsciiDigit(text[0]))
                return transport;
            result.AddError($"--transport: '{text}' is none; there are auto, loop and pipe.");
            return default;
        },
    };

    /// <summary>A file whose first line is a secret.</summary>
    public static string ReadSecret(string file, string option)
    {
        try
        {
            return File.ReadLines(file).FirstOrDefault() ?? "";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{option}: {error.Message}");
        }
    }

    public static bool TryParseDuration(string text, out TimeSpan duration)
    {
        duration = default;
        var digits = text.AsSpan().TrimEnd("hmsHMS");
        if (!double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
            return false;
        double? seconds = text[digits.Length..].ToLowerInvariant() switch
        {
            "ms" => value / 1000,
            "s" or "" => value,
            "m" => value * 60,
            "h" => value * 3600,
            _ => null,
        };
        if (seconds is not > 0 || seconds > TimeSpan.FromDays(365).TotalSeconds)
            return false;
        duration = TimeSpan.FromSeconds(seconds.Value);
        return true;
    }

    private static bool TryParseEndPoint(string text, out IPEndPoint endPoint)
    {
        var replaced = text.StartsWith("localhost:", StringComparison.OrdinalIgnoreCase) ? "127.0.0.1" + text["localhost".Length..] : text;
        // Without a port the parser takes 0, which would be a surprise.
        return IPEndPoint.TryParse(replaced, out endPoint!) && replaced.LastIndexOf(':') > replaced.LastIndexOf(']');
    }
}
