namespace Stratum.Daemon;

/// <summary>The program that a daemon runs to tell of a block, a wallet transaction or an alert, and whom it tells.
/// </summary>
public sealed record NotifyCommand
{
    /// <summary>The program's file, <c>Stratum.BlockNotify</c>; an absolute path, which may hold any character.</summary>
    /// <value>No default.</value>
    public required string Program { get; init; }

    /// <summary>Where the RPC server that it calls listens.</summary>
    /// <value>127.0.0.1.</value>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>The RPC server's port.</summary>
    /// <value>No default. It should be the same after a restart, or an adopted daemon calls in vain:
    /// <see cref="DaemonStateFolder.RpcServerPort"/> keeps it.</value>
    public required int Port { get; init; }

    /// <summary>File whose first line is the RPC server's password: the path goes into the command, never the password.
    /// </summary>
    /// <value>None, for a server on loopback that asks for no password.</value>
    public string? PasswordFile { get; init; }

    // What a daemon runs through its shell. %s becomes the data: hex digits for blocks and transactions; an alert's text
    // comes in quotes from the daemon itself.
    internal string ToShell(NotifyKind kind, string source)
    {
        List<string> words =
        [
            ShellWord.Quote(Program), "--host", ShellWord.Quote(Host), "--port", $"{Port}",
            "--source", ShellWord.Quote(source), "--type", TypeOf(kind), "--data", "%s",
        ];
        if (PasswordFile is not null)
        {
            words.Add("--password-file");
            words.Add(ShellWord.Quote(PasswordFile));
        }

        return string.Join(' ', words);
    }

    internal static string TypeOf(NotifyKind kind) => kind switch
    {
        NotifyKind.Block => "block",
        NotifyKind.Wallet => "wallet",
        _ => "alert",
    };
}
