using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Stratum.Testing;

/// <summary>
/// One litecoind in regtest on loopback, with a data folder of its own. Its client here is raw on purpose: it shares
/// nothing with the code under test.
/// </summary>
public sealed class LitecoindNode : IAsyncDisposable
{
    // /usr/bin/litecoind is Debian's wrapper: it writes into the home folder.
    public const string Program = "/usr/lib/litecoin/litecoind";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    // The shell waits for its input to end, which it also does when the test run is killed: no node outlives us.
    private const string Keeper = """
        exec 3<&0
        "$@" </dev/null 3<&- & node=$!
        echo $node
        (read -r end <&3; kill $node 2>/dev/null) >/dev/null 2>&1 & watcher=$!
        wait $node; code=$?
        kill $watcher 2>/dev/null
        exit $code
        """;

    private readonly Process _keeper;
    private readonly StringBuilder _errors = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private bool _stopped;

    private LitecoindNode(string dataFolder, int rpcPort, string program, IEnumerable<string> arguments)
    {
        if (!File.Exists(program))
        {
            throw new FileNotFoundException($"{program} is missing: apt-get install litecoind (./test does it)");
        }

        DataFolder = dataFolder;
        Directory.CreateDirectory(dataFolder);
        Url = new Uri($"http://127.0.0.1:{rpcPort}/");
        var start = new ProcessStartInfo("/bin/sh")
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        string[] all =
        [
            "-c", Keeper, "sh", program, "-regtest", "-server", "-printtoconsole=0", "-dnsseed=0", "-discover=0",
            "-upnp=0", "-rpcbind=127.0.0.1", "-rpcallowip=127.0.0.1", $"-rpcport={rpcPort}", $"-datadir={dataFolder}",
            // A small key pool: a wallet with MWEB takes seconds to fill the usual thousand.
            // And regtest's self-check ends the node (txmempool.cpp:764) when a block takes the parent of a transaction
            // inside MWEB.
            "-maxtipage=1000000000", "-keypool=5", "-checkmempool=0", .. arguments,
        ];
        foreach (string argument in all)
        {
            start.ArgumentList.Add(argument);
        }

        _keeper = Process.Start(start)!;
        Pid = int.Parse(_keeper.StandardOutput.ReadLine()!);
        _keeper.ErrorDataReceived += (_, e) => _errors.AppendLine(e.Data);
        _keeper.BeginErrorReadLine();
    }

    public string DataFolder { get; }

    public Uri Url { get; }

    public string CookieFile => Path.Combine(DataFolder, "regtest", ".cookie");

    /// <summary>Of litecoind itself.</summary>
    public int Pid { get; }

    /// <summary>Starts the node; <see cref="ReadyAsync"/> waits until it answers.</summary>
    public static LitecoindNode Start(string dataFolder, int rpcPort, params string[] arguments) =>
        new(dataFolder, rpcPort, Program, arguments);

    /// <summary>Starts another program than Debian's.</summary>
    public static LitecoindNode Start(string dataFolder, int rpcPort, string program, IReadOnlyList<string> arguments) =>
        new(dataFolder, rpcPort, program, arguments);

    /// <summary>Waits until calls are answered (past -28).</summary>
    public async Task ReadyAsync(CancellationToken cancellationToken = default)
    {
        string last = "nothing tried";
        for (long begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < StartLimit;)
        {
            if (_keeper.HasExited)
            {
                break;
            }

            try
            {
                await CallAsync("getblockcount", [], cancellationToken);
                return;
            }
            catch (Exception e) when (e is HttpRequestException or IOException or LitecoindException)
            {
                last = e.Message;
                await Task.Delay(20, cancellationToken);
            }
        }

        throw new InvalidOperationException($"{Program} does not come up ({last}). It says: {_errors}{LogTail()}");
    }

    /// <summary>One call; a refusal is a <see cref="LitecoindException"/>.</summary>
    public Task<JsonElement> CallAsync(
        string method, JsonArray? parameters = null, CancellationToken cancellationToken = default) =>
        CallAsync(Url, method, parameters, cancellationToken);

    /// <summary>One call to a wallet by its name, which it takes as soon as there are several.</summary>
    public Task<JsonElement> CallWalletAsync(
        string wallet, string method, JsonArray? parameters = null, CancellationToken cancellationToken = default) =>
        CallAsync(new Uri(Url, $"wallet/{wallet}"), method, parameters, cancellationToken);

    /// <summary>Ends the node at once, without a chance to write anything (kill -9).</summary>
    public async Task KillAsync()
    {
        using (Process node = Process.GetProcessById(Pid))
        {
            node.Kill();
        }

        await _keeper.WaitForExitAsync();
    }

    /// <summary>SIGTERM, then the wait for its end.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopped)
        {
            return;
        }

        _stopped = true;
        // First our connection: litecoind 0.21 ends only when every kept connection has timed out, 30 s later.
        _http.Dispose();
        _keeper.StandardInput.Close();
        using (var limit = new CancellationTokenSource(StartLimit))
        {
            try
            {
                await _keeper.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                await KillAsync();
            }
        }

        _keeper.Dispose();
    }

    private async Task<JsonElement> CallAsync(
        Uri url, string method, JsonArray? parameters, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new StringContent(new JsonObject
            {
                ["id"] = "test", ["method"] = method, ["params"] = parameters ?? [],
            }.ToJsonString()),
        };
        string cookie = await File.ReadAllTextAsync(CookieFile, cancellationToken);
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(cookie)));
        using HttpResponseMessage response = await _http.SendAsync(request, cancellationToken);
        string text = await response.Content.ReadAsStringAsync(cancellationToken);
        if (text.Length == 0)
        {
            throw new HttpRequestException($"{method}: HTTP {(int)response.StatusCode}", null, response.StatusCode);
        }

        using JsonDocument answer = JsonDocument.Parse(text);
        JsonElement error = answer.RootElement.GetProperty("error");
        return error.ValueKind == JsonValueKind.Null
            ? answer.RootElement.GetProperty("result").Clone()
            : throw new LitecoindException(
                method, error.GetProperty("code").GetInt32(), error.GetProperty("message").GetString()!);
    }

    private string LogTail()
    {
        string log = Path.Combine(DataFolder, "regtest", "debug.log");
        return File.Exists(log) ? string.Join('\n', File.ReadLines(log).TakeLast(5)) : "";
    }
}
