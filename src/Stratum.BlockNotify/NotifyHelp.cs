namespace Stratum.BlockNotify;

/// <summary>What <c>--help</c> and <c>--version</c> print.</summary>
internal static class NotifyHelp
{
    /// <summary>With the word PROGRAM for the program's name.</summary>
    public const string Text = """
        Tells a pool's JSON-RPC server what happened in a coin daemon: a new block, a wallet's transaction, an alert.

          PROGRAM --password-file FILE --hash HASH
          PROGRAM --password-file FILE --type block|wallet|alert --data DATA

          --hash HASH            a new block: 64 hexadecimal digits; calls mining.update_block
          --type TYPE            calls mining.block, mining.wallet or mining.alert
          --data DATA            the block's or transaction's hash, the alert's text; sent as it is
          --source NAME          which daemon tells it (bitcoin)
          --host HOST            where the RPC server listens (localhost)
          --port PORT            and its port (1337)
          --password PASSWORD    the RPC server's password; other users of the machine can read it in the process list
          --password-file FILE   the same from the first line of a file
          --timeout DURATION     for all of it: 500ms, 20s, 5m (5s)
          --help, --version

        Without a password option the environment variable STRATUM_RPC_PASSWORD is used when it is set.
        --name=value is the same as --name value.
        Exit code: 0 the server has taken it, 1 it has not (one line on standard error says why), 2 bad usage.

        In a daemon's configuration:
          blocknotify=PROGRAM --password-file FILE --source litecoin --hash %s
          walletnotify=PROGRAM --password-file FILE --source litecoin --type wallet --data %s
          alertnotify=PROGRAM --password-file FILE --source litecoin --type alert --data %s
        """;

    public static string Version => typeof(NotifyHelp).Assembly.GetName().Version!.ToString(3);
}
