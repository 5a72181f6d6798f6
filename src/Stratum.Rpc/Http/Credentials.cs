using System.Net.Http.Headers;
using System.Text;

namespace Stratum.Rpc;

/// <summary>
/// The Basic header of each call. Read from its file when first needed and again when the server refuses it: a daemon
/// writes a new cookie at each start.
/// </summary>
internal sealed class Credentials(JsonRpcHttpClientOptions options)
{
    private volatile AuthenticationHeaderValue? _header;
    private volatile string? _problem;

    /// <summary>The header to send, null when there is none to send: the server's 401 then says so.</summary>
    public AuthenticationHeaderValue? Current => _header ?? Read();

    /// <summary>
    /// Reads again after <paramref name="refused"/> got 401; true when that gave something else to try.
    /// </summary>
    public bool Renew(AuthenticationHeaderValue? refused)
    {
        // Another call may have been here first: then its header is the one to try.
        AuthenticationHeaderValue? current = _header;
        if (current is null || current.Equals(refused))
        {
            current = Read();
        }

        return current is not null && !current.Equals(refused);
    }

    /// <summary>What to look at after a 401.</summary>
    public string Advice => options switch
    {
        { CookieFile: { } file } => _problem ?? $"the cookie in {file} is not the one of this daemon"
            + " (is it another daemon's, or another network's?)",
        { User: { } user, PasswordFile: { } file } => _problem ?? $"user {user} with the password in {file} is refused"
            + " (compare with rpcuser and rpcpassword, or rpcauth, in its configuration)",
        { User: { } user } => $"user {user} with the given password is refused"
            + " (compare with rpcuser and rpcpassword, or rpcauth, in its configuration)",
        _ => "it wants credentials: give its cookie file (.cookie in its data folder) or a user and a password file",
    };

    private AuthenticationHeaderValue? Read()
    {
        string? pair = options switch
        {
            { CookieFile: { } file } => FirstLine(file, "cookie file"),
            { User: { } user, PasswordFile: { } file } when FirstLine(file, "password file") is { } word => $"{user}:{word}",
            { User: { } user, Password: { } word } => $"{user}:{word}",
            _ => null,
        };
        AuthenticationHeaderValue? header = pair is null
            ? null
            : new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
        _header = header;
        return header;
    }

    private string? FirstLine(string path, string what)
    {
        string? line = SecretFile.ReadFirstLine(path, what, out string? problem);
        _problem = problem;
        return line;
    }
}
