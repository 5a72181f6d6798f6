namespace Stratum.BlockNotify;

/// <summary>
/// The command line, read by hand: a parser's start costs more than the whole program. Fields, because each accessor
/// would be compiled at each start.
/// </summary>
internal sealed class NotifyOptions
{
    private string? _hash;
    private string? _type;
    private string? _data;
    private string? _passwordFile;
    private string? _password;

    /// <value>Where the RPC server listens. Default: <c>localhost</c>, both of its addresses.</value>
    public string Host = "localhost";

    /// <value>Its port. Default: 1337, the RPC server's.</value>
    public int Port = 1337;

    /// <value>Which daemon tells it. Default: <c>bitcoin</c>, as it always was.</value>
    public string Source = "bitcoin";

    /// <value>
    /// For all of it together, in milliseconds. Default: 5 s: a pool answers in milliseconds, and who waits longer only
    /// piles up processes.
    /// </value>
    public int Timeout = 5000;

    /// <summary>As the wire has it: the base64 of the password's bytes, or null when there is none.</summary>
    public string? Password;

    /// <summary>The method that is called.</summary>
    public string Method = "mining.update_block";

    /// <summary>The hash of the block or of the transaction, or the text of the alert.</summary>
    public string Data = "";

    /// <summary>What to print instead of calling.</summary>
    public string? Print;

    /// <summary>What is wrong with the command line; it never holds a value, which could be the password.</summary>
    public string? Error;

    public static NotifyOptions Parse(string[] arguments)
    {
        var options = new NotifyOptions();
        options.Error = options.Read(arguments);
        if (options.Print is null)
            options.Error ??= options.Check() ?? options.ReadPassword();
        return options;
    }

    private string? Read(string[] arguments)
    {
        for (var i = 0; i < arguments.Length; i++)
        {
            var name = arguments[i];
            if (name is "--help" or "-h")
                Print = NotifyHelp.Text;
            else if (name == "--version")
                Print = NotifyHelp.Version;
            if (Print is not null)
                return null;
            if (!name.StartsWith("--", StringComparison.Ordinal))
                return $"Argument {i + 1} is not an option; a value with spaces needs quotes.";
            var equals = name.IndexOf('=');
            string value;
            if (equals >= 0)
            {
                value = name[(equals + 1)..];
                name = name[..equals];
            }
            else if (++i < arguments.Length)
                value = arguments[i];
            else
                return $"{name} needs a value.";
            if (Set(name, value) is { } wrong)
                return wrong;
        }
        return null;
    }

    private string? Set(string name, string value)
    {
        switch (name)
        {
            case "--host":
                Host = value;
                return value.Length == 0 ? "--host is empty." : null;
            case "--port":
                Port = Digits.Parse(value, 65535);
                return Port > 0 ? null : "--port must be a number from 1 to 65535.";
            case "--source":
                Source = value;
                return null;
            case "--type":
                _type = value.ToLowerInvariant();
                return _type is "block" or "wallet" or "alert" ? null : "--type must be block, wallet or alert.";
            case "--data":
                _data = value;
                return null;
            case "--hash":
                _hash = value;
                return null;
            case "--password":
                _password = value;
                return value.Length == 0 ? "--password is empty; leave it out where the server needs none." : null;
            case "--password-file":
                _passwordFile = value;
                return null;
            case "--timeout":
                Timeout = Duration.Parse(value);
                return Timeout > 0 ? null : "--timeout must be a duration up to a day: 500ms, 20s or 5m.";
            default:
                return $"There is no option {name}.";
        }
    }

    private string? Check()
    {
        if (_hash is not null && (_data is not null || _type is not (null or "block")))
            return "--hash is for blocks and stands instead of --data.";
        if (_hash is null && _data is null)
            return "--hash HASH is missing, or --type TYPE with --data DATA.";
        if (_data is not null && _type is null)
            return "--data needs --type block, wallet or alert.";
        if (_type is not (null or "block"))
        {
            Method = "mining." + _type;
            Data = _data!;
            return null;
        }
        if (_type is not null)
            Method = "mining.block";
        Data = _hash ?? _data!;
        return IsHash(Data) ? null : "The block's hash must be 64 hexadecimal digits; in a daemon's command line it is %s.";
    }

    private static bool IsHash(string text)
    {
        foreach (var digit in text)
            if (!char.IsAsciiHexDigit(digit))
                return false;
        return text.Length == 64;
    }

    private string? ReadPassword()
    {
        if (_password is not null && _passwordFile is not null)
            return "--password and --password-file are both there: one is enough.";
        if (_passwordFile is not null)
        {
            Password = PasswordFile.Read(_passwordFile, out var wrong);
            return wrong;
        }
        _password ??= Environment.GetEnvironmentVariable("STRATUM_RPC_PASSWORD");
        if (!string.IsNullOrEmpty(_password))
            Password = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(_password));
        return null;
    }
}
