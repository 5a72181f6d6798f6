namespace Stratum.Simulation;

/// <summary>What is wrong with the answers of a <see cref="SimulatedDaemon"/>, below any mood.</summary>
public enum SimulatedFaultKind
{
    /// <summary>
    /// Connections are closed at once, new ones before a byte was read, as by a daemon that has no more file
    /// descriptors. No call is run.
    /// </summary>
    Closed,

    /// <summary>HTTP 401 whatever the password: it was changed. No call is run.</summary>
    Unauthorized,

    /// <summary>
    /// HTTP 403 without a body: the caller's address is not allowed (<c>rpcallowip</c>). No call is run.
    /// </summary>
    Forbidden,

    /// <summary>The call is run, a block taken, and the connection dies before the answer.</summary>
    LostAnswer,

    /// <summary>The call is run; half of the answer comes, then the connection dies.</summary>
    Truncated,

    /// <summary>The call is run; HTTP 200 and no body.</summary>
    Empty,

    /// <summary>The call is run; HTTP 200 and a page of HTML, as from a proxy in between.</summary>
    NotJson,

    /// <summary>The call is run; the answer comes behind <see cref="SimulatedFault.Bytes"/> blanks.</summary>
    TooLarge,

    /// <summary>The call is run; JSON that is no answer: <c>{"status":"ok"}</c>.</summary>
    WrongEnvelope,

    /// <summary>The call is run; its <c>result</c> is <c>[{"unexpected":true}]</c>.</summary>
    WrongResult,
}
