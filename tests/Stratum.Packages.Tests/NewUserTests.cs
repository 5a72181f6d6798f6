using System.Runtime.InteropServices;
using Stratum.Testing;

namespace Stratum.Packages.Tests;

/// <summary>The first minutes of a new user, with nothing but the packages.</summary>
public sealed class NewUserTests(PackedFolder packed)
{
    [Fact]
    public async Task TenLines_FromThePackage_TakeASharesOfTheToolAndOfTheEightLines()
    {
        // The samples hold the README's code; other tests hold that it is the same.
        using var serving = await NewProject.BuildAsync(packed, "Stratum", Sample("TenLineServer"));
        using var calling = await NewProject.BuildAsync(packed, "Stratum.Client", Sample("EightLineClient"));
        await using var server = serving.Start("0");
        var url = $"stratum+tcp://127.0.0.1:{await server.PortAsync()}";

        var stratum = await packed.ToolAsync("stratum");
        var (code, output, error) = await Cli.RunAsync(stratum, packed.Folder,
            "mine", url, "--user", "tool.1", "--password", "x", "--shares", "1", "--json");
        Assert.True(code == 0, output + error);
        await server.LineAsync(line => line.StartsWith("tool.1 has ", StringComparison.Ordinal));

        await using var client = calling.Start(url);
        await client.LineAsync(line => line == "accepted");
        await server.LineAsync(line => line.StartsWith("account.worker has ", StringComparison.Ordinal));
        Assert.Equal(0, await server.EndAsync(PosixSignal.SIGTERM));
    }

    private static string Sample(string name) => File.ReadAllText(Path.Combine(Tree.Root, "samples", name, "Program.cs"));
}
