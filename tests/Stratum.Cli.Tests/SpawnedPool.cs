using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Stratum.Rpc;
using Stratum.Testing;

namespace Stratum.Cli.Tests;

/// <summary>A state folder in which pools run litecoind; whatever was started from it is gone when the test is.</summary>
internal sealed class SpawnedPool : IAsyncDisposable
{
    public const string Wrapper = "/usr/bin/litecoind";
    public const string Address = "rltc1qw508d6qejxtdg4y5r3zarvary0c5xw7k693xs3";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly TempFolder _folder = new();

    public string Folder => Path.Combine(_folder.Path, "stratum", "litecoin-regtest");

    public string NotifyPassword => File.ReadAllText(Path.Combine(Folder, "notify-password")).Trim();

    /// <summary>A pool on a private chain of Litecoin; every share is a block, a few each second.</summary>
    public Command Start(string program = Wrapper, params string[] more) => Start([], program, more);

    /// <summary>With more variables in its environment.</summary>
    public Command Start((string, string)[] variables, string program = Wrapper, params string[] more) => Command.StartWith(
        [("XDG_STATE_HOME", _folder.Path), .. variables],
        ["pool", "--spawn", program, "--coin", "litecoin", "--network", "regtest", "--address", Address, "--difficulty", "0.02",
            "--json", "--port", "0", "--rpc-port", "0", .. more]);

    /// <summary>A call to the daemon that the pool mines with.</summary>
    public async Task<JsonElement> CallAsync(string method, JsonArray? parameters = null)
    {
        var port = File.ReadAllText(Path.Combine(Folder, "daemon", "rpc-port")).Trim();
        using var client = new JsonRpcHttpClient(new JsonRpcHttpClientOptions
        {
            Url = new Uri($"http://127.0.0.1:{port}"),
            CookieFile = Path.Combine(Folder, "daemon", "data", "regtest", ".cookie"),
        });
        return await client.CallAsync(method, parameters);
    }

    /// <summary>A block that nobody mined here.</summary>
    public async Task<string> GenerateAsync() => (await CallAsync("generatetoaddress", [1, Address]))[0].GetString()!;

    /// <summary>The processes that name the folder: daemons, and what they run.</summary>
    public IReadOnlyList<(int Pid, string Arguments, string Environment)> Processes() =>
        [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
            .Where(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .Select(name => (int.Parse(name!, CultureInfo.InvariantCulture), Read(name!, "cmdline"), Read(name!, "environ")))
            .Where(process => process.Item2.Contains(_folder.Path, StringComparison.Ordinal))];

    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        var begun = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(begun) < s_patience, $"Not within {s_patience}: {what}");
            await Task.Delay(10);
        }
    }

    public static async Task SignalAsync(int pid, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{pid}"]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (pid, _, _) in Processes())
        {
            using var kill = Process.Start("kill", ["-KILL", $"{pid}"]);
            await kill.WaitForExitAsync();
        }
        await UntilAsync(() => Processes().Count == 0, "the end of all that was started");
        _folder.Dispose();
    }

    private static string Read(string pid, string file)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{pid}/{file}"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
