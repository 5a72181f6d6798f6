using System.Net;
using System.Net.Sockets;

namespace Stratum.Daemon;

/// <summary>A daemon's command line: ours, with what the user gave instead and beside it. Never a secret.</summary>
internal static class SpawnArguments
{
    /// <summary><c>listen</c> of <c>listen</c>, <c>-listen=0</c> and <c>--listen</c>.</summary>
    public static string NameOf(string argument) => argument.TrimStart('-').Split('=', 2)[0];

    /// <summary><c>listen</c> of <c>nolisten</c>, which is the same option.</summary>
    public static string WithoutNo(string name) =>
        name.StartsWith("no", StringComparison.Ordinal) ? name[2..] : name;

    /// <summary>The value of an option; null when it is not given.</summary>
    public static string? Find(IEnumerable<string> arguments, string name) => arguments
        .LastOrDefault(argument => argument.StartsWith('-') && NameOf(argument) == name)
        ?.Split('=', 2) is [_, var value] ? value : null;

    /// <summary>The whole list.</summary>
    /// <param name="options">Checked ones.</param>
    /// <param name="port">Of its RPC server.</param>
    /// <param name="peerPort">For other nodes; null leaves it to the daemon.</param>
    /// <param name="configFile">Ours, where there are credentials to hide.</param>
    public static IReadOnlyList<string> Build(
        SpawnedDaemonOptions options, int port, int? peerPort, string? configFile)
    {
        List<string> given = [.. options.Args.Select(argument => "-" + argument.TrimStart('-'))];
        if (configFile is not null)
        {
            // One of the user's is included by ours.
            given.RemoveAll(argument => NameOf(argument) == "conf");
        }

        HashSet<string> taken = [.. given.Select(NameOf), .. given.Select(argument => WithoutNo(NameOf(argument)))];
        return [.. Ours(options, port, peerPort, configFile).Where(argument => !taken.Contains(NameOf(argument))), .. given];
    }

    /// <summary>The names of the options in which two command lines differ, with their dash.</summary>
    public static IReadOnlyList<string> Differences(IEnumerable<string> one, IEnumerable<string> other)
    {
        ILookup<string, string> left = one.Where(argument => argument.StartsWith('-')).ToLookup(NameOf);
        ILookup<string, string> right = other.Where(argument => argument.StartsWith('-')).ToLookup(NameOf);
        return [.. left.Select(group => group.Key).Union(right.Select(group => group.Key))
            .Where(name => !left[name].Order().SequenceEqual(right[name].Order()))
            .Select(name => "-" + name)];
    }

    private static IEnumerable<string> Ours(SpawnedDaemonOptions options, int port, int? peerPort, string? configFile)
    {
        yield return "-server=1";
        // Its configuration may say otherwise, and then its process would end at once.
        yield return "-daemon=0";
        yield return "-printtoconsole=0";
        if (options.Network.Argument is { } network)
        {
            yield return network;
        }

        IPAddress host = IPAddress.Parse(options.Host);
        yield return $"-datadir={options.DataFolder}";
        yield return host.AddressFamily == AddressFamily.InterNetworkV6 ? $"-rpcbind=[{host}]" : $"-rpcbind={host}";
        yield return $"-rpcallowip={host}";
        yield return $"-rpcport={port}";
        if (configFile is not null)
        {
            yield return $"-conf={configFile}";
        }

        if (peerPort is { } peer)
        {
            yield return $"-port={peer}";
        }

        if (options.NotifyCommand is not { } command)
        {
            yield break;
        }

        foreach (NotifyKind kind in options.Notify.Distinct())
        {
            yield return $"-{NotifyCommand.TypeOf(kind)}notify={command.ToShell(kind, options.Name)}";
        }
    }
}
