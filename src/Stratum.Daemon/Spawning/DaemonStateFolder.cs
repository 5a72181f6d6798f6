using System.Globalization;
using System.Security.Cryptography;

namespace Stratum.Daemon;

/// <summary>
/// A folder that only this user may read, for what must outlive us because a daemon does: the RPC server's port and the
/// secret that notify commands call it with. Each daemon has a folder of its own in it.
/// </summary>
public sealed class DaemonStateFolder
{
    // 256 bits: nobody guesses it, and it needs no slow hash.
    private const int SecretBytes = 32;

    private DaemonStateFolder(string path) => Path = path;

    /// <summary>The folder, absolute.</summary>
    public string Path { get; }

    /// <summary>File whose first line is the secret of notify commands (hex, 0600). It is made when first asked for, and
    /// is the same at every start, so that the command of a daemon that outlived us still gets in.</summary>
    public string NotifyPasswordFile
    {
        get
        {
            string file = File("notify-password");
            if (PrivateFile.ReadLine(file) is null)
            {
                PrivateFile.Write(file, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes)) + "\n");
            }

            return file;
        }
    }

    /// <summary>The port that our RPC server had last; null when none was kept. Setting keeps it: daemons that outlive
    /// us call there.</summary>
    public int? RpcServerPort
    {
        get => ReadPort("rpc-server-port");
        set => WritePort("rpc-server-port", value);
    }

    /// <summary>Makes the folder, or closes it to others when it is there (0700).</summary>
    /// <exception cref="DaemonStartException">It cannot be made, or belongs to somebody else.</exception>
    public static DaemonStateFolder Open(string path) => Open(path, owner: null);

    internal static DaemonStateFolder Open(string path, string? owner)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string full = System.IO.Path.GetFullPath(path);
        try
        {
            PrivateFile.MakePrivateFolder(full);
            return new DaemonStateFolder(full);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DaemonStartException(
                DaemonStartFailure.StateFolderUnusable,
                $"{(owner is null ? "The" : owner + ": the")} state folder {full} cannot be made for {Environment.UserName} alone"
                    + $" ({e.Message}): give another one.",
                e);
        }
    }

    /// <summary>Holds the folder for this process: two would overwrite each other's port.</summary>
    /// <exception cref="DaemonStartException">Another process holds it.</exception>
    public IDisposable Hold()
    {
        try
        {
            return PrivateFile.Hold(File("lock"));
        }
        catch (IOException e)
        {
            throw new DaemonStartException(
                DaemonStartFailure.StateFolderUnusable,
                $"the state folder {Path} is in use by another process ({e.Message}): end that, or give another folder.",
                e);
        }
    }

    /// <summary>The folder to give to a daemon as <see cref="SpawnedDaemonOptions.StateFolder"/>. Nothing is made yet.
    /// </summary>
    /// <param name="name">One that no other daemon of this folder has: <c>litecoin-regtest</c>.</param>
    public string ForDaemon(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return File(name);
    }

    /// <summary>The secret in <see cref="NotifyPasswordFile"/>, for the RPC server that is to know it.</summary>
    public string ReadNotifyPassword() => PrivateFile.ReadLine(NotifyPasswordFile)
        ?? throw new IOException($"{NotifyPasswordFile} cannot be read.");

    internal string File(string name) => System.IO.Path.Combine(Path, name);

    internal int? ReadPort(string name) =>
        int.TryParse(PrivateFile.ReadLine(File(name)), NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            && port is > 0 and <= ushort.MaxValue ? port : null;

    internal void WritePort(string name, int? port)
    {
        if (port is { } value)
        {
            PrivateFile.Write(File(name), value.ToString(CultureInfo.InvariantCulture) + "\n");
        }
        else
        {
            System.IO.File.Delete(File(name));
        }
    }
}
