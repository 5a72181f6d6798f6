using System.Reflection;
using System.Runtime.CompilerServices;

namespace Stratum.Testing;

/// <summary>
/// The public members of an assembly as text, one a line, to be compared with a committed file: a change of what
/// users see is then a change that somebody reads. <c>STRATUM_APPROVE_API=1</c> writes the file anew.
/// </summary>
public static class PublicApi
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance
        | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>What differs from the file beside the calling test; empty when nothing does.</summary>
    public static string Differences(Assembly assembly, string fileName, [CallerFilePath] string caller = "")
    {
        var file = Path.Combine(Path.GetDirectoryName(caller)!, fileName);
        var actual = Describe(assembly);
        if (Environment.GetEnvironmentVariable("STRATUM_APPROVE_API") == "1")
        {
            File.WriteAllLines(file, actual);
        }

        var approved = File.Exists(file) ? File.ReadAllLines(file) : [];
        var lines = approved.Except(actual).Select(line => "- " + line).Concat(actual.Except(approved).Select(line => "+ " + line));
        return string.Join('\n', lines);
    }

    /// <summary>A line for each public type and each member that users can see.</summary>
    public static IReadOnlyList<string> Describe(Assembly assembly)
    {
        var lines = new List<string>();
        foreach (var type in assembly.GetExportedTypes())
        {
            lines.Add($"{Name(type)} = {Kind(type)}{Base(type)}");
            // Of a delegate only its signature is anybody's business.
            var members = typeof(Delegate).IsAssignableFrom(type) ? type.GetMember("Invoke") : type.GetMembers(Declared);
            foreach (var member in members)
            {
                if (member is not Type && Member(member) is { } text)
                {
                    lines.Add($"{Name(type)}: {text}");
                }
            }
        }

        return [.. lines.Distinct().Order(StringComparer.Ordinal)];
    }

    private static string? Member(MemberInfo member) => member switch
    {
        MethodBase method when !IsVisible(method) || IsHidden(method) => null,
        ConstructorInfo constructor => $"new({Parameters(constructor)})",
        MethodInfo method =>
            $"{Modifiers(method)}{Name(method.ReturnType)} {method.Name}{Generics(method)}({Parameters(method)})",
        PropertyInfo property => Property(property),
        FieldInfo field when field.IsPublic && !field.IsSpecialName => Field(field),
        EventInfo happening when IsVisible(happening.AddMethod!) => $"event {Name(happening.EventHandlerType!)} {happening.Name}",
        _ => null,
    };

    private static string? Property(PropertyInfo property)
    {
        var accessors = property.GetAccessors(true).Where(IsVisible).ToArray();
        if (accessors.Length == 0)
        {
            return null;
        }

        var get = property.GetMethod is { } getter && IsVisible(getter) ? " get;" : "";
        var isInit = property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) == true;
        var set = property.SetMethod is { } setter && IsVisible(setter) ? isInit ? " init;" : " set;" : "";
        var required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        return $"{required}{Modifiers(accessors[0])}{Name(property.PropertyType)} {property.Name} {{{get}{set} }}";
    }

    private static string Field(FieldInfo field) => field.IsLiteral
        ? $"const {Name(field.FieldType)} {field.Name} = {field.GetRawConstantValue()}"
        : $"{(field.IsStatic ? "static " : "")}{Name(field.FieldType)} {field.Name}";

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    // Accessors are told with their property; what the compiler makes for records is nobody's decision.
    private static bool IsHidden(MethodBase method) =>
        (method.IsSpecialName && method is MethodInfo && !method.Name.StartsWith("op_", StringComparison.Ordinal))
        || method.IsDefined(typeof(CompilerGeneratedAttribute)) || method.Name.Contains('<');

    private static string Modifiers(MethodBase method) =>
        (method.IsPublic ? "" : "protected ") + (method.IsStatic ? "static " : method.IsAbstract ? "abstract "
            : method.IsVirtual && !method.IsFinal && !method.DeclaringType!.IsSealed ? "virtual " : "");

    private static string Generics(MethodInfo method) => method.IsGenericMethod
        ? $"<{string.Join(", ", method.GetGenericArguments().Select(argument => argument.Name))}>"
        : "";

    private static string Parameters(MethodBase method) =>
        string.Join(", ", method.GetParameters().Select(parameter =>
            (parameter.IsOut ? "out " : parameter.IsIn ? "in " : parameter.ParameterType.IsByRef ? "ref " : "")
            + $"{Name(parameter.ParameterType)} {parameter.Name}{(parameter.HasDefaultValue ? " = " + Default(parameter) : "")}"));

    private static string Default(ParameterInfo parameter) => parameter.DefaultValue switch
    {
        null => "default",
        string text => $"\"{text}\"",
        var value => FormattableString.Invariant($"{value}"),
    };

    private static string Kind(Type type) => type switch
    {
        { IsEnum: true } => "enum",
        { IsValueType: true } => type.IsByRefLike ? "ref struct" : "struct",
        { IsInterface: true } => "interface",
        _ when typeof(Delegate).IsAssignableFrom(type) => "delegate",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => "abstract class",
        { IsSealed: true } => "sealed class",
        _ => "class",
    };

    private static string Base(Type type)
    {
        IEnumerable<string> bases = type.GetInterfaces().Where(one => one.IsPublic).Select(Name).Order(StringComparer.Ordinal);
        if (type is { IsClass: true, BaseType: { } parent } && parent != typeof(object))
        {
            bases = bases.Prepend(Name(parent));
        }

        return type.IsEnum ? "" : string.Concat(bases.Select((name, index) => (index == 0 ? " : " : ", ") + name));
    }

    private static string Name(Type type)
    {
        if (type.IsByRef || type.IsArray)
        {
            return Name(type.GetElementType()!) + (type.IsArray ? "[]" : "");
        }

        var name = type.IsNested && !type.IsGenericParameter ? $"{Name(type.DeclaringType!)}.{type.Name}" : type.Name;
        return type.IsGenericType
            ? $"{name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
            : name;
    }
}
