using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Stratum.Protocol;

namespace Stratum.Server;

/// <summary>A method that the user answers.</summary>
internal abstract class OwnMethod
{
    protected OwnMethod(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
        NameUtf8 = Encoding.UTF8.GetBytes(name);
    }

    public string Name { get; }

    public byte[] NameUtf8 { get; }

    /// <summary>Converts the parameters; what comes back runs the handler and gives its result as JSON.</summary>
    public abstract bool TryBind(StratumSession session, ReadOnlySpan<byte> parameters,
        [NotNullWhen(true)] out Func<ValueTask<ReadOnlyMemory<byte>>>? call, [NotNullWhen(false)] out string? error);
}

/// <summary>Converted by source-generated code.</summary>
internal sealed class TypedMethod<TParams, TResult>(string name, Func<StratumSession, TParams, ValueTask<TResult>> handler,
    JsonTypeInfo<TParams> parameterInfo, JsonTypeInfo<TResult> resultInfo) : OwnMethod(name)
{
    public override bool TryBind(StratumSession session, ReadOnlySpan<byte> parameters,
        [NotNullWhen(true)] out Func<ValueTask<ReadOnlyMemory<byte>>>? call, [NotNullWhen(false)] out string? error)
    {
        call = null;
        error = null;
        try
        {
            var value = JsonSerializer.Deserialize(parameters, parameterInfo)!;
            call = async () => JsonSerializer.SerializeToUtf8Bytes(
                await handler(session, value).ConfigureAwait(false), resultInfo);
            return true;
        }
        catch (JsonException failure)
        {
            error = $"{Name}: {failure.Message}";
            return false;
        }
    }
}

/// <summary>Converted by reflection, for lambdas with any parameters.</summary>
[RequiresUnreferencedCode("Parameters and result are converted by reflection.")]
[RequiresDynamicCode("Parameters and result are converted by reflection.")]
internal sealed class ReflectedMethod : OwnMethod
{
    private readonly Delegate _handler;
    private readonly ParameterInfo[] _parameters;
    private readonly bool _takesSession;

    public ReflectedMethod(string name, Delegate handler)
        : base(name)
    {
        _handler = handler;
        _parameters = handler.Method.GetParameters();
        // A static lambda compiled with a closure has its target as a hidden first parameter.
        if (_parameters.Length > handler.GetType().GetMethod("Invoke")!.GetParameters().Length)
            _parameters = _parameters[1..];
        _takesSession = _parameters is [{ ParameterType: var first }, ..] && first == typeof(StratumSession);
    }

    public override bool TryBind(StratumSession session, ReadOnlySpan<byte> parameters,
        [NotNullWhen(true)] out Func<ValueTask<ReadOnlyMemory<byte>>>? call, [NotNullWhen(false)] out string? error)
    {
        call = null;
        var wanted = _parameters.AsSpan(_takesSession ? 1 : 0);
        using var document = JsonDocument.Parse(parameters.ToArray());
        if (document.RootElement.ValueKind != JsonValueKind.Array)
        {
            error = $"{Name}: the parameters must be an array";
            return false;
        }
        var arguments = new object?[_parameters.Length];
        if (_takesSession)
            arguments[0] = session;
        for (var i = 0; i < wanted.Length; i++)
        {
            if (!TryConvert(document.RootElement, i, wanted[i], out arguments[i + (_takesSession ? 1 : 0)], out error))
                return false;
        }
        error = null;
        call = () => InvokeAsync(arguments);
        return true;
    }

    private bool TryConvert(JsonElement array, int index, ParameterInfo parameter, out object? value,
        [NotNullWhen(false)] out string? error)
    {
        value = parameter.HasDefaultValue ? parameter.DefaultValue : null;
        error = null;
        if (index >= array.GetArrayLength())
        {
            if (parameter.HasDefaultValue)
                return true;
            error = $"{Name}: parameter {index + 1} ({parameter.Name}) is missing";
            return false;
        }
        try
        {
            value = array[index].Deserialize(parameter.ParameterType, JsonSerializerOptions.Web);
            return true;
        }
        catch (JsonException)
        {
            error = $"{Name}: parameter {index + 1} ({parameter.Name}) is not a {parameter.ParameterType.Name}";
            return false;
        }
    }

    private async ValueTask<ReadOnlyMemory<byte>> InvokeAsync(object?[] arguments)
    {
        object? result;
        try
        {
            result = _handler.DynamicInvoke(arguments);
        }
        catch (TargetInvocationException failure) when (failure.InnerException is { } inner)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(inner);
            throw;
        }
        var value = await AwaitAsync(result).ConfigureAwait(false);
        return JsonSerializer.SerializeToUtf8Bytes(value, value?.GetType() ?? typeof(object), JsonSerializerOptions.Web);
    }

    private async ValueTask<object?> AwaitAsync(object? result)
    {
        if (result is not null && result.GetType() is { IsGenericType: true } type
            && type.GetGenericTypeDefinition() == typeof(ValueTask<>))
            result = type.GetMethod(nameof(ValueTask<int>.AsTask))!.Invoke(result, null);
        if (result is ValueTask plain)
            result = plain.AsTask();
        if (result is not Task task)
            return result;
        await task.ConfigureAwait(false);
        return _handler.Method.ReturnType.IsGenericType ? task.GetType().GetProperty("Result")!.GetValue(task) : null;
    }
}
