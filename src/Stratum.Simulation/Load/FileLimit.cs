using System.Globalization;

namespace Stratum.Simulation;

/// <summary>How many files and sockets this process may have open.</summary>
internal static class FileLimit
{
    // The runtime's own, the loop's, and some to spare.
    private const int Others = 200;

    /// <summary>What is wrong with so many connections; null when they are possible.</summary>
    public static string? Check(int connections) =>
        Read() is { } limit && connections > limit - Others
            ? $"{connections} connections need as many open files, and this process may have {limit}, some of which it needs itself: "
                + $"raise the limit with ulimit -n {connections + Others}, or ask for at most {Math.Max(1, limit - Others)}."
            : null;

    // Null where there is none, or nobody tells. The runtime has raised the soft limit to the hard one at its start.
    private static long? Read()
    {
        const string Name = "Max open files";
        try
        {
            string? line = File.Exists("/proc/self/limits")
                ? File.ReadLines("/proc/self/limits").FirstOrDefault(one => one.StartsWith(Name, StringComparison.Ordinal))
                : null;
            string? soft = line?[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
            return long.TryParse(soft, CultureInfo.InvariantCulture, out long limit) ? limit : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
