namespace Stratum.Daemon;

/// <summary>A daemon's configuration file, as Bitcoin Core and its kin read it, but for the files that it includes.
/// </summary>
internal static class ConfigFile
{
    // Nobody writes one that large by hand.
    private const int MaxLines = 10_000;

    /// <summary>What an option that is a network's own (a port) is set to; null when it is not, or when the file cannot
    /// be read. Outside of all sections such an option is the main network's.</summary>
    public static string? Find(string file, DaemonNetwork network, string name)
    {
        var values = new Dictionary<string, string>();
        try
        {
            string section = "";
            foreach (string line in File.ReadLines(file).Take(MaxLines))
            {
                string text = line.Split('#', 2)[0].Trim();
                if (text.StartsWith('[') && text.EndsWith(']'))
                {
                    section = text[1..^1] + ".";
                }
                else if (text.Split('=', 2) is [var key, var value])
                {
                    // The first of two counts.
                    values.TryAdd(section + key.TrimEnd(), value.TrimStart());
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        string? common = network.Section == DaemonNetwork.Mainnet.Section ? values.GetValueOrDefault(name) : null;
        return values.GetValueOrDefault($"{network.Section}.{name}") ?? common;
    }
}
