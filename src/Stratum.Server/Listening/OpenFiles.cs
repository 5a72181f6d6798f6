using System.Globalization;

namespace Stratum.Server;

/// <summary>
/// How many descriptors connections may use. The process needs some beside them: files, daemons, callers of the RPC port,
/// and a new thread of the pool, without which the runtime ends the process.
/// </summary>
/// <param name="Limit">What the system allows (ulimit -n).</param>
internal readonly record struct OpenFiles(long Limit)
{
    /// <summary>Where the system has no limit, or does not say it as Linux does.</summary>
    public static OpenFiles Unlimited => new(long.MaxValue);

    /// <summary>What is left to the rest of the process, which does not grow with the number of miners.</summary>
    public long Reserve => Math.Clamp(Limit / 16, 32, 256);

    /// <summary>Connections at the most, when nothing else is open.</summary>
    public long MostConnections => Math.Max(0, Limit - Reserve);

    /// <summary>
    /// Whether a connection with this descriptor leaves the reserve alone. A new descriptor has the lowest number that is
    /// free: one in the reserve means that all below it are in use.
    /// </summary>
    public bool Allows(long descriptor) => descriptor < MostConnections;

    /// <summary>The limit of this process now.</summary>
    public static OpenFiles OfProcess()
    {
        try
        {
            return OperatingSystem.IsLinux() ? Read(File.ReadLines("/proc/self/limits")) : Unlimited;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Unlimited;
        }
    }

    /// <summary>From <c>Max open files            1024                 524288               files</c>: the first number.</summary>
    internal static OpenFiles Read(IEnumerable<string> lines)
    {
        const string Name = "Max open files";
        var line = lines.FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal));
        var soft = line?[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? new OpenFiles(limit) : Unlimited;
    }
}
