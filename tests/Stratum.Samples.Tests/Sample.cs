using Stratum.Testing;

namespace Stratum.Samples.Tests;

/// <summary>A sample as a process of its own, as a reader starts it.</summary>
internal static class Sample
{
    public static RunningProgram Start(string name, params string[] arguments) => StartIn(null, name, arguments);

    public static RunningProgram StartIn(string? folder, string name, params string[] arguments) =>
        RunningProgram.Start(Tree.Program($"samples/{name}"), folder, arguments);
}
