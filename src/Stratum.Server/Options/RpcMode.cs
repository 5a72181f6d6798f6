namespace Stratum.Server;

/// <summary>What an <see cref="RpcServer"/> speaks on its port.</summary>
public enum RpcMode
{
    /// <summary>Bare JSON over TCP.</summary>
    Tcp,

    /// <summary>JSON in the body of a POST.</summary>
    Http,

    /// <summary>Both: the first bytes of a connection tell them apart.</summary>
    Both,
}
