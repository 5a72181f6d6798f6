using System.Text;

namespace Stratum.Server;

/// <summary>A request as it stands on the wire.</summary>
public readonly ref struct StratumRequest
{
    internal StratumRequest(ReadOnlySpan<byte> method, ReadOnlySpan<byte> parameters, ReadOnlySpan<byte> id)
    {
        MethodUtf8 = method;
        ParametersUtf8 = parameters;
        IdUtf8 = id;
    }

    /// <summary>The method, unescaped.</summary>
    public ReadOnlySpan<byte> MethodUtf8 { get; }

    /// <summary>The parameters as JSON; <c>[]</c> when there were none.</summary>
    public ReadOnlySpan<byte> ParametersUtf8 { get; }

    /// <summary>The id as JSON, verbatim; empty when no answer is wanted.</summary>
    public ReadOnlySpan<byte> IdUtf8 { get; }

    /// <summary>The method as a string; allocates.</summary>
    public string Method => Encoding.UTF8.GetString(MethodUtf8);

    /// <summary>The parameters as a string; allocates.</summary>
    public string Parameters => Encoding.UTF8.GetString(ParametersUtf8);
}
