namespace Stratum.Rpc;

/// <summary>Codes of errors: those of JSON-RPC 2.0, and ours from the range that it leaves to servers.</summary>
public static class RpcErrors
{
    /// <summary>The message is not JSON, or is nested too deep.</summary>
    public const int ParseError = -32700;

    /// <summary>JSON, but no request.</summary>
    public const int InvalidRequest = -32600;

    /// <summary>Nobody answers this method.</summary>
    public const int MethodNotFound = -32601;

    /// <summary>Not the parameters that the method takes.</summary>
    public const int InvalidParams = -32602;

    /// <summary>The method failed; its server's log says why.</summary>
    public const int InternalError = -32603;

    /// <summary>The method gave no answer in time, or there is no room for its answer.</summary>
    public const int ServerBusy = -32000;

    /// <summary>No password, or a wrong one.</summary>
    public const int PasswordRefused = -32001;

    /// <summary>Too many wrong passwords came from this address: passwords are not looked at for a while.</summary>
    public const int TooManyPasswords = -32002;
}
