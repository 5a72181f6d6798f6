using System.Text;
using Stratum.Protocol;

namespace Stratum.Client;

/// <summary>A request or notification of the pool, as it stands on the wire.</summary>
public readonly ref struct PoolRequest
{
    internal PoolRequest(scoped in Message message)
    {
        MethodUtf8 = message.Method;
        ParametersUtf8 = message.Params;
        WantsAnswer = message.WantsAnswer;
    }

    /// <summary>The method, unescaped.</summary>
    public ReadOnlySpan<byte> MethodUtf8 { get; }

    /// <summary>The parameters as JSON; <c>[]</c> when there were none.</summary>
    public ReadOnlySpan<byte> ParametersUtf8 { get; }

    /// <summary>Whether it has an id; a notification has none and is never answered.</summary>
    public bool WantsAnswer { get; }

    /// <summary>The method as a string; allocates.</summary>
    public string Method => Encoding.UTF8.GetString(MethodUtf8);

    /// <summary>The parameters as a string; allocates.</summary>
    public string Parameters => Encoding.UTF8.GetString(ParametersUtf8);
}
