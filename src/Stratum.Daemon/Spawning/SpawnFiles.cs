using System.Security.Cryptography;
using System.Text;

namespace Stratum.Daemon;

/// <summary>What the state folder of one daemon holds.</summary>
internal sealed class SpawnFiles(SpawnedDaemonOptions options)
{
    public const string RpcPort = "rpc-port";
    public const string PeerPort = "peer-port";

    private const int UserBytes = 16;
    private const int PasswordBytes = 32;

    private readonly string _folder = Path.GetFullPath(options.StateFolder);

    /// <summary>The line of /proc/PID/stat that the daemon's process wrote of itself before it became the daemon.
    /// </summary>
    public string Record => Path.Combine(_folder, "process");

    public string Output => Path.Combine(_folder, "output.log");

    /// <summary>A home folder for it, so that no script around it writes into ours.</summary>
    public string Home => Path.Combine(_folder, "home");

    /// <summary>Generated user and password, in a cookie's form.</summary>
    public string Credentials => Path.Combine(_folder, "credentials");

    /// <summary>What the daemon is told its credentials by; null when it makes a cookie.</summary>
    public string? Config => options.NeedsConfig ? Path.Combine(_folder, "daemon.conf") : null;

    private string Lock => Path.Combine(_folder, "lock");

    /// <summary>Makes the folder and holds it: two of us would start two daemons.</summary>
    /// <exception cref="DaemonStartException">It cannot be made, or another process holds it.</exception>
    public FileStream Hold()
    {
        DaemonStateFolder.Open(_folder, options.Name);
        try
        {
            return PrivateFile.Hold(Lock);
        }
        catch (IOException e)
        {
            throw new DaemonStartException(
                DaemonStartFailure.StateFolderUnusable,
                $"{options.Name}: the state folder {_folder} is in use by another process ({e.Message}): end that, or give"
                    + " each daemon a folder of its own.",
                e);
        }
    }

    /// <summary>The port of this name: as given, as kept, or a free one that is kept from now on.</summary>
    public int Port(string name, int wanted)
    {
        if (wanted != 0)
        {
            return wanted;
        }

        DaemonStateFolder folder = DaemonStateFolder.Open(_folder);
        if (folder.ReadPort(name) is { } kept && FreePorts.Problem(options.Host, kept) is null)
        {
            return kept;
        }

        int port = FreePorts.Pick(options);
        folder.WritePort(name, port);
        return port;
    }

    /// <summary>The port that was kept; null when none was.</summary>
    public int? KeptPort(string name) =>
        Directory.Exists(_folder) ? DaemonStateFolder.Open(_folder).ReadPort(name) : null;

    /// <summary>Makes what a new process needs, secrets included.</summary>
    public void Prepare()
    {
        PrivateFile.MakePrivateFolder(Home);
        PrivateFile.Empty(Output);
        if (Config is { } config)
        {
            (string user, string password) = options.Password is { } given ? (options.User!, given) : Generate();
            PrivateFile.Write(config, Configuration(user, password));
        }
    }

    /// <summary>What must not outlive the daemon.</summary>
    public void Forget()
    {
        File.Delete(Record);
        File.Delete(Credentials);
        File.Delete(Path.Combine(_folder, "daemon.conf"));
    }

    public IReadOnlyList<string> LastLines()
    {
        string? generated = PrivateFile.ReadLine(Credentials);
        return OutputTail.Read(Output, options.Password, generated?.Split(':', 2)[^1]);
    }

    private (string User, string Password) Generate()
    {
        string user = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(UserBytes));
        string password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(PasswordBytes));
        PrivateFile.Write(Credentials, $"{user}:{password}\n");
        return (user, password);
    }

    // The first of two values counts, and one of the network's own section before all: hence both, and ours first.
    private string Configuration(string user, string password)
    {
        string section = options.Network.Section;
        var text = new StringBuilder()
            .Append("# Made at each start of the daemon, and removed at its end.\n")
            .Append($"rpcuser={user}\nrpcpassword={password}\n")
            .Append($"{section}.rpcuser={user}\n{section}.rpcpassword={password}\n");
        if (options.OwnConfigFile is { } own && File.Exists(own))
        {
            text.Append($"includeconf={own}\n");
        }

        return text.ToString();
    }
}
