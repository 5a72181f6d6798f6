using System.Diagnostics;

namespace Stratum.Packages.Tests;

/// <summary>Programs that end.</summary>
internal static class Cli
{
    // Against hanging only: building everything takes minutes where others build, too.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(20);

    /// <summary>Runs the .NET command line, which must end well, and gives what it printed.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="store">The store of packages; null: the machine's.</param>
    /// <param name="arguments">Its arguments.</param>
    public static async Task<string> DotnetAsync(string folder, string? store, params string[] arguments)
    {
        var start = Start("dotnet", folder, arguments);
        // Nothing outlives the command, and nothing speaks of itself.
        (string Name, string? Value)[] variables =
        [
            ("MSBUILDDISABLENODEREUSE", "1"), ("UseSharedCompilation", "false"), ("DOTNET_CLI_TELEMETRY_OPTOUT", "1"),
            ("DOTNET_NOLOGO", "1"), ("DOTNET_CLI_UI_LANGUAGE", "en"), ("NUGET_PACKAGES", store),
        ];
        foreach (var (name, value) in variables.Where(one => one.Value is not null))
            start.Environment[name] = value;
        var (code, output, error) = await RunAsync(start);
        Assert.True(code == 0, $"dotnet {string.Join(' ', arguments)}\n{output}{error}");
        return output;
    }

    public static Task<(int Code, string Output, string Error)> RunAsync(string program, string folder, params string[] arguments) =>
        RunAsync(Start(program, folder, arguments));

    private static ProcessStartInfo Start(string program, string folder, string[] arguments) => new(program, arguments)
    {
        WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
    };

    private static async Task<(int Code, string Output, string Error)> RunAsync(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        using var deadline = new CancellationTokenSource(s_patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var error = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return (process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
