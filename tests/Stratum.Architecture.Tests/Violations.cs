namespace Stratum.Architecture.Tests;

/// <summary>What breaks a rule, all of it in the failure's text.</summary>
internal static class Violations
{
    public static void None(IEnumerable<string> found)
    {
        var list = found.ToList();
        if (list.Count > 0)
            Assert.Fail($"{list.Count} found:\n{string.Join('\n', list)}");
    }

    public static void None(IEnumerable<SourceFile> found) => None(found.Select(file => file.Path));
}
