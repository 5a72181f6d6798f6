using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using Stratum.Protocol;

namespace Stratum.Client;

/// <summary>A handler with parameters and result of any types.</summary>
internal static class ReflectedHandler
{
    [RequiresUnreferencedCode("By reflection.")]
    [RequiresDynamicCode("By reflection.")]
    public static PoolMethod Wrap(string method, Delegate handler)
    {
        var wanted = handler.Method.GetParameters();
        return async parameters =>
        {
            object?[] arguments = Bind(method, wanted, parameters);
            object? result;
            try
            {
                result = await UnwrapAsync(handler.DynamicInvoke(arguments)).ConfigureAwait(false);
            }
            catch (TargetInvocationException error) when (error.InnerException is { } inner)
            {
                ExceptionDispatchInfo.Throw(inner);
                throw;
            }

            return JsonSerializer.SerializeToElement(result);
        };
    }

    [RequiresUnreferencedCode("By reflection.")]
    [RequiresDynamicCode("By reflection.")]
    private static object?[] Bind(string method, ParameterInfo[] wanted, JsonElement given)
    {
        int count = given.ValueKind == JsonValueKind.Array ? given.GetArrayLength() : -1;
        object?[] arguments = new object?[wanted.Length];
        for (int i = 0; i < wanted.Length; i++)
        {
            if (i < count)
                arguments[i] = given[i].Deserialize(wanted[i].ParameterType);
            else if (wanted[i].HasDefaultValue)
                arguments[i] = wanted[i].DefaultValue;
            else
                throw new StratumException(20, $"{method} wants {wanted.Length} parameters in an array");
        }

        return arguments;
    }

    [RequiresUnreferencedCode("By reflection.")]
    private static async Task<object?> UnwrapAsync(object? result)
    {
        if (result is ValueTask plain)
        {
            await plain.ConfigureAwait(false);
            return null;
        }

        var type = result?.GetType();
        if (type is { IsGenericType: true } && type.GetGenericTypeDefinition() == typeof(ValueTask<>))
            result = type.GetMethod(nameof(ValueTask<>.AsTask))!.Invoke(result, null);
        if (result is not Task task)
            return result;
        await task.ConfigureAwait(false);
        // An async method without a result is a Task<VoidTaskResult> inside, and so is Task.CompletedTask.
        var value = task.GetType().GetProperty("Result");
        return value is null || value.PropertyType.Name == "VoidTaskResult" ? null : value.GetValue(task);
    }
}
