using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.ExceptionServices;
using System.Text.Json;

namespace Stratum.Protocol;

/// <summary>Converted by reflection, for lambdas with any parameters.</summary>
[RequiresUnreferencedCode("Parameters and result are converted by reflection.")]
[RequiresDynamicCode("Parameters and result are converted by reflection.")]
internal sealed class ReflectedMethod<TCaller> : JsonMethod<TCaller>
{
    private readonly Delegate _handler;
    private readonly ParameterInfo[] _wanted;
    private readonly bool _takesCaller;

    public ReflectedMethod(string name, Delegate handler)
        : base(name)
    {
        _handler = handler;
        ParameterInfo[] parameters = handler.Method.GetParameters();
        // A static lambda compiled with a closure has its target as a hidden first parameter.
        if (parameters.Length > handler.GetType().GetMethod("Invoke")!.GetParameters().Length)
        {
            parameters = parameters[1..];
        }

        _takesCaller = parameters is [{ ParameterType: var first }, ..] && first == typeof(TCaller);
        _wanted = _takesCaller ? parameters[1..] : parameters;
    }

    public override bool TryBind(
        TCaller caller,
        ReadOnlySpan<byte> parameters,
        [NotNullWhen(true)] out Func<ValueTask<ReadOnlyMemory<byte>>>? call,
        [NotNullWhen(false)] out string? error)
    {
        call = null;
        using JsonDocument document = JsonDocument.Parse(parameters.ToArray());
        if (document.RootElement.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object))
        {
            error = $"{Name}: the parameters must be an array, or an object with their names";
            return false;
        }

        object?[] values = new object?[_wanted.Length];
        for (int i = 0; i < values.Length; i++)
        {
            if (!TryConvert(document.RootElement, i, out values[i], out error))
            {
                return false;
            }
        }

        error = null;
        object?[] arguments = _takesCaller ? [caller, .. values] : values;
        call = () => InvokeAsync(arguments);
        return true;
    }

    private bool TryConvert(
        JsonElement given, int index, out object? value, [NotNullWhen(false)] out string? error)
    {
        ParameterInfo parameter = _wanted[index];
        value = parameter.HasDefaultValue ? parameter.DefaultValue : null;
        error = null;
        if (!TryFind(given, index, parameter.Name!, out JsonElement element))
        {
            error = parameter.HasDefaultValue ? null : $"{Name}: parameter {index + 1} ({parameter.Name}) is missing";
            return error is null;
        }

        try
        {
            value = element.Deserialize(parameter.ParameterType, JsonSerializerOptions.Web);
            return true;
        }
        catch (JsonException)
        {
            error = $"{Name}: parameter {index + 1} ({parameter.Name}) is not a {parameter.ParameterType.Name}";
            return false;
        }
    }

    private static bool TryFind(JsonElement given, int index, string name, out JsonElement element)
    {
        if (given.ValueKind == JsonValueKind.Object)
        {
            return given.TryGetProperty(name, out element);
        }

        bool isThere = index < given.GetArrayLength();
        element = isThere ? given[index] : default;
        return isThere;
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
            ExceptionDispatchInfo.Throw(inner);
            throw;
        }

        object? value = await AwaitAsync(result).ConfigureAwait(false);
        return JsonSerializer.SerializeToUtf8Bytes(
            value, value?.GetType() ?? typeof(object), JsonSerializerOptions.Web);
    }

    private async ValueTask<object?> AwaitAsync(object? result)
    {
        if (result is not null && result.GetType() is { IsGenericType: true } type
            && type.GetGenericTypeDefinition() == typeof(ValueTask<>))
        {
            result = type.GetMethod(nameof(ValueTask<int>.AsTask))!.Invoke(result, null);
        }

        if (result is ValueTask plain)
        {
            result = plain.AsTask();
        }

        if (result is not Task task)
        {
            return result;
        }

        await task.ConfigureAwait(false);
        return _handler.Method.ReturnType.IsGenericType ? task.GetType().GetProperty("Result")!.GetValue(task) : null;
    }
}
