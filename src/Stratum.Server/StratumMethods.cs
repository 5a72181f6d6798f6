using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using Stratum.Protocol;

namespace Stratum.Server;

/// <summary>Methods of your own, by name.</summary>
public sealed class StratumMethods
{
    private readonly JsonMethods<StratumSession> _methods;

    /// <summary>None yet.</summary>
    public StratumMethods()
        : this(new JsonMethods<StratumSession>())
    {
    }

    private StratumMethods(JsonMethods<StratumSession> methods) => _methods = methods;

    /// <summary>The names that are answered.</summary>
    public IReadOnlyList<string> Names => _methods.Names;

    /// <summary>Adds a method whose parameters and result are converted by reflection.</summary>
    /// <param name="method">Its name.</param>
    /// <param name="handler">Takes the session, if it likes, then one parameter for each element of
    /// <c>params</c>, or for each member of that name.</param>
    /// <exception cref="InvalidOperationException">There is a handler for that method already.</exception>
    [RequiresUnreferencedCode("Parameters and result are converted by reflection; use the overload with JsonTypeInfo.")]
    [RequiresDynamicCode("Parameters and result are converted by reflection; use the overload with JsonTypeInfo.")]
    public void Map(string method, Delegate handler)
    {
        CheckName(method);
        _methods.Add(method, handler);
    }

    /// <summary>Adds a method whose whole <c>params</c> is one value, without reflection.</summary>
    /// <exception cref="InvalidOperationException">There is a handler for that method already.</exception>
    public void Map<TParams, TResult>(string method, Func<StratumSession, TParams, TResult> handler,
        JsonTypeInfo<TParams> parameters, JsonTypeInfo<TResult> result)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Map(method, (session, value) => new ValueTask<TResult>(handler(session, value)), parameters, result);
    }

    /// <inheritdoc cref="Map{TParams, TResult}(string, Func{StratumSession, TParams, TResult}, JsonTypeInfo{TParams}, JsonTypeInfo{TResult})"/>
    [OverloadResolutionPriority(1)]
    public void Map<TParams, TResult>(string method, Func<StratumSession, TParams, Task<TResult>> handler,
        JsonTypeInfo<TParams> parameters, JsonTypeInfo<TResult> result)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Map(method, (session, value) => new ValueTask<TResult>(handler(session, value)), parameters, result);
    }

    /// <inheritdoc cref="Map{TParams, TResult}(string, Func{StratumSession, TParams, TResult}, JsonTypeInfo{TParams}, JsonTypeInfo{TResult})"/>
    [OverloadResolutionPriority(2)]
    public void Map<TParams, TResult>(string method, Func<StratumSession, TParams, ValueTask<TResult>> handler,
        JsonTypeInfo<TParams> parameters, JsonTypeInfo<TResult> result)
    {
        CheckName(method);
        _methods.Add(method, handler, parameters, result);
    }

    internal bool IsEmpty => _methods.IsEmpty;

    internal bool TryGet(ReadOnlySpan<byte> name, [NotNullWhen(true)] out JsonMethod<StratumSession>? method) =>
        _methods.TryGet(name, out method);

    internal StratumMethods Copy() => new(_methods.Copy());

    private static void CheckName(string method)
    {
        if (method == "mining.submit")
            throw new InvalidOperationException("mining.submit is judged by the server: use OnSubmit or OnRequest.");
    }
}
