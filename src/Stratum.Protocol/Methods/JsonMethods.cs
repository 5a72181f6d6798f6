using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json.Serialization.Metadata;

namespace Stratum.Protocol;

/// <summary>Methods by name, each with one handler. May be read while it is added to.</summary>
/// <typeparam name="TCaller">Who asked, as handlers see it: a session, a call.</typeparam>
public sealed class JsonMethods<TCaller>
{
    private readonly Lock _gate = new();
    private volatile JsonMethod<TCaller>[] _methods = [];

    /// <summary>The names that are answered, in the order in which they were added.</summary>
    public IReadOnlyList<string> Names => [.. _methods.Select(method => method.Name)];

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => _methods.Length == 0;

    /// <summary>Adds a function with parameters of any types, converted by reflection.</summary>
    /// <param name="name">The method.</param>
    /// <param name="handler">Takes the caller, if it likes, then one parameter for each element of the request's
    /// <c>params</c>, or for each member of that name. Returns a value, a task or nothing.</param>
    /// <exception cref="InvalidOperationException">There is a handler for that method already.</exception>
    [RequiresUnreferencedCode("Parameters and result are converted by reflection.")]
    [RequiresDynamicCode("Parameters and result are converted by reflection.")]
    public void Add(string name, Delegate handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Add(new ReflectedMethod<TCaller>(name, handler));
    }

    /// <summary>Adds a function whose whole <c>params</c> is one value, converted by generated code.</summary>
    /// <exception cref="InvalidOperationException">There is a handler for that method already.</exception>
    public void Add<TParams, TResult>(
        string name,
        Func<TCaller, TParams, ValueTask<TResult>> handler,
        JsonTypeInfo<TParams> parameters,
        JsonTypeInfo<TResult> result)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(result);
        Add(new TypedMethod<TCaller, TParams, TResult>(name, handler, parameters, result));
    }

    /// <summary>Adds a function that reads its params itself, from the caller, and gives its result as JSON.</summary>
    /// <exception cref="InvalidOperationException">There is a handler for that method already.</exception>
    public void AddRaw(string name, Func<TCaller, ValueTask<ReadOnlyMemory<byte>>> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Add(new RawMethod<TCaller>(name, handler));
    }

    /// <summary>Finds a method by its name in UTF-8.</summary>
    public bool TryGet(ReadOnlySpan<byte> name, [NotNullWhen(true)] out JsonMethod<TCaller>? method)
    {
        foreach (JsonMethod<TCaller> known in _methods)
        {
            if (name.SequenceEqual(known.NameUtf8))
            {
                method = known;
                return true;
            }
        }

        method = null;
        return false;
    }

    /// <summary>The same methods; what is added to one is not in the other.</summary>
    public JsonMethods<TCaller> Copy() => new() { _methods = _methods };

    private void Add(JsonMethod<TCaller> method)
    {
        lock (_gate)
        {
            if (TryGet(Encoding.UTF8.GetBytes(method.Name), out _))
            {
                throw new InvalidOperationException(
                    $"A handler for {method.Name} is registered already; there can be one.");
            }

            _methods = [.. _methods, method];
        }
    }
}
