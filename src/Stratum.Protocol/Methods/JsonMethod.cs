using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Stratum.Protocol;

/// <summary>A function that answers a method: the params as JSON in, the result as JSON out.</summary>
/// <typeparam name="TCaller">Who asked, as handlers see it: a session, a call.</typeparam>
public abstract class JsonMethod<TCaller>
{
    private protected JsonMethod(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
        NameUtf8 = Encoding.UTF8.GetBytes(name);
    }

    /// <summary>As it stands on the wire.</summary>
    public string Name { get; }

    internal byte[] NameUtf8 { get; }

    /// <summary>Converts the parameters; the handler runs when the caller says so.</summary>
    /// <param name="caller">Given to a handler that takes it.</param>
    /// <param name="parameters">Valid JSON; free to be used again when this returns.</param>
    /// <param name="call">Runs the handler and gives its result as JSON on one line.</param>
    /// <param name="error">Which parameter is wrong and what it should be; never its value.</param>
    /// <returns>False when the parameters are not what the handler takes.</returns>
    public abstract bool TryBind(
        TCaller caller,
        ReadOnlySpan<byte> parameters,
        [NotNullWhen(true)] out Func<ValueTask<ReadOnlyMemory<byte>>>? call,
        [NotNullWhen(false)] out string? error);
}
