using Stratum.Mining;
using Stratum.Server;

namespace Stratum.CompareServer;

/// <summary>What is measured.</summary>
internal sealed record Arguments
{
    public const string Usage = "usage: [--port PORT] [--transport loop|pipe|auto] [--difficulty D] [--interval SECONDS] [--tls]"
        + " [--threads N] [--handler threadpool|inline]";

    public int Port { get; init; }

    public SessionTransport Transport { get; init; } = SessionTransport.Auto;

    /// <summary>As the null server's: a hash in four is a share, so that shares cost the generator next to nothing.</summary>
    public Difficulty Difficulty { get; init; } = new(1e-9);

    /// <summary>Between two jobs; null: on SIGUSR1 only.</summary>
    public TimeSpan? Interval { get; init; }

    public bool Tls { get; init; }

    /// <summary>Of the loop; 0: one a processor.</summary>
    public int Threads { get; init; }

    /// <summary>Where a handler runs that only gives the verdict back; null: there is none.</summary>
    public HandlerScheduling? Handler { get; init; }

    public static bool TryRead(ReadOnlySpan<string> given, out Arguments arguments)
    {
        arguments = new Arguments();
        while (given is [var name, .. var rest])
        {
            if (name == "--tls")
            {
                arguments = arguments with { Tls = true };
                given = rest;
                continue;
            }
            if (rest is not [var value, .. var others] || With(arguments, name, value) is not { } read)
                return false;
            arguments = read;
            given = others;
        }
        return true;
    }

    private static Arguments? With(Arguments arguments, string name, string value) => name switch
    {
        "--port" when ushort.TryParse(value, out var port) => arguments with { Port = port },
        "--transport" when Enum.TryParse<SessionTransport>(value, ignoreCase: true, out var transport) =>
            arguments with { Transport = transport },
        "--difficulty" when Difficulty.TryParse(value, out var difficulty) => arguments with { Difficulty = difficulty },
        "--interval" when double.TryParse(value, out var seconds) && seconds is > 0 and < 86_400 =>
            arguments with { Interval = TimeSpan.FromSeconds(seconds) },
        "--threads" when byte.TryParse(value, out var threads) => arguments with { Threads = threads },
        "--handler" when Enum.TryParse<HandlerScheduling>(value, ignoreCase: true, out var handler) =>
            arguments with { Handler = handler },
        _ => null,
    };
}
