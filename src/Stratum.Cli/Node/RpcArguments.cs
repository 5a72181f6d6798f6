using System.CommandLine;
using System.Net;
using Stratum.Rpc;
using Stratum.Server;

namespace Stratum.Cli;

/// <summary>The options of the JSON-RPC server. Any of them asks for it.</summary>
/// <param name="passwordFile">The option whose first value is the server's password file.</param>
internal sealed class RpcArguments(Option<string[]> passwordFile)
{
    private readonly Option<int?> _port = new("--rpc-port")
    {
        Description = "JSON-RPC server: port, 0 picks a free one; default 1337.", HelpName = "PORT",
    };

    private readonly Option<string?> _host = new("--rpc-host")
    {
        Description = "JSON-RPC server: address to listen on; default 127.0.0.1, any other needs a password.", HelpName = "ADDRESS",
    };

    private readonly Option<string?> _mode = new("--rpc-mode")
    {
        Description = "JSON-RPC server: tcp (default), http or both.", HelpName = "MODE",
    };

    private readonly Option<string?> _passwordHash = new("--rpc-password-hash")
    {
        Description = "JSON-RPC server: SHA-256 of its password in hex, as 'stratum hash-password' prints it.", HelpName = "HEX",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_port);
        command.Options.Add(_host);
        command.Options.Add(_mode);
        command.Options.Add(_passwordHash);
    }

    /// <summary>The server's options; null when nobody asks for it.</summary>
    /// <param name="arguments">What was given.</param>
    /// <param name="isNeeded">Whether a daemon that we run is to call it.</param>
    /// <param name="isPasswordOurs">Whether the password file is this server's.</param>
    /// <exception cref="UsageException">They are wrong; the text has all that is.</exception>
    public RpcServerOptions? Read(ParseResult arguments, bool isNeeded, bool isPasswordOurs)
    {
        var files = isPasswordOurs ? arguments.GetValue(passwordFile) ?? [] : [];
        if (!isNeeded && files.Length == 0 && !IsGiven(arguments))
            return null;
        var options = new RpcServerOptions
        {
            Port = arguments.GetValue(_port) ?? 1337,
            Address = ReadAddress(arguments.GetValue(_host)),
            Mode = ReadMode(arguments.GetValue(_mode)),
        };
        if (isNeeded && options.Mode == RpcMode.Http)
            throw new UsageException("--rpc-mode http: the daemon that --spawn runs calls over TCP; write --rpc-mode both.");
        if (arguments.GetValue(_passwordHash) is { } hash)
            options.PasswordHashes.Add(RpcPassword.IsHash(hash)
                ? hash
                : throw new UsageException("--rpc-password-hash is not 64 hex digits: give what 'stratum hash-password' prints, not the password."));
        if (files.Length > 1)
            throw new UsageException($"{passwordFile.Name} is given {files.Length} times: the JSON-RPC server has one password.");
        if (files is [var file])
        {
            var password = CommonOptions.ReadSecret(file, passwordFile.Name);
            if (password.Length == 0)
                throw new UsageException($"{passwordFile.Name}: {file} has no password in its first line.");
            options.PasswordHashes.Add(RpcPassword.Hash(password));
        }
        var errors = options.Validate();
        return errors.Count == 0 ? options : throw new UsageException(string.Join(Environment.NewLine, errors));
    }

    private bool IsGiven(ParseResult arguments) =>
        arguments.GetResult(_port) is not null || arguments.GetResult(_host) is not null || arguments.GetResult(_mode) is not null
        || arguments.GetResult(_passwordHash) is not null;

    private static IPAddress ReadAddress(string? text) =>
        text is null or "localhost" ? IPAddress.Loopback
        : IPAddress.TryParse(text, out var address) ? address
        : throw new UsageException($"--rpc-host: '{text}' is no IP address; write 127.0.0.1 or 0.0.0.0.");

    private static RpcMode ReadMode(string? text) => text switch
    {
        null or "tcp" => RpcMode.Tcp,
        "http" => RpcMode.Http,
        "both" => RpcMode.Both,
        _ => throw new UsageException($"--rpc-mode: '{text}' is not known; there are tcp, http and both."),
    };
}
