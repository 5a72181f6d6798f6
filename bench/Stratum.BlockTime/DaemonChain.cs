using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Stratum.Testing;

namespace Stratum.BlockTime;

/// <summary>A real litecoind in regtest whose mempool holds so many transactions, also after each new block.</summary>
internal sealed class DaemonChain : IAsyncDisposable
{
    private const int OutputsPerTransaction = 2000;

    // Pay to script hash of OP_TRUE: standard, and whoever shows the script may spend it.
    private const string Script = "a914da1745e9b549bd0bfa1a569971c77eba30cd5a4b87";
    private const string Show = "020151";
    private const long Value = 100_000;
    private const long Fee = 10_000;

    private readonly Litecoind _daemon;

    private DaemonChain(Litecoind daemon) => _daemon = daemon;

    public Uri Url => _daemon.Url;

    public string CookieFile => _daemon.CookieFile;

    public string Address => _daemon.Address;

    /// <summary>Length of a template as the daemon writes it.</summary>
    public int TemplateBytes { get; private set; }

    public static async Task<DaemonChain> StartAsync(int transactions)
    {
        Marks.IsOurs = true;
        var chain = new DaemonChain(await Litecoind.StartAsync());
        try
        {
            for (var left = transactions; left > 0; left -= OutputsPerTransaction)
                await chain.FillAsync(Math.Min(left, OutputsPerTransaction));
            var template = await chain._daemon.CallAsync("getblocktemplate",
                [new JsonObject { ["rules"] = new JsonArray("mweb", "segwit") }]);
            chain.TemplateBytes = template.GetRawText().Length;
            return chain;
        }
        catch
        {
            await chain.DisposeAsync();
            throw;
        }
    }

    /// <summary>The moment at which the daemon tells whoever waits that it has another tip.</summary>
    public async Task<long> NextBlockIsKnownAsync()
    {
        await _daemon.CallAsync("waitfornewblock", [30_000]);
        return Stopwatch.GetTimestamp();
    }

    /// <summary>An empty block, so that the mempool stays as it is.</summary>
    public async Task<string> GenerateAsync()
    {
        var block = await _daemon.CallAsync("generateblock", [Address, new JsonArray()]);
        return block.GetProperty("hash").GetString()!;
    }

    public ValueTask DisposeAsync() => _daemon.DisposeAsync();

    // One transaction with many outputs, in a block; then each of them is spent by a transaction of its own.
    private async Task FillAsync(int count)
    {
        var outputs = string.Concat(Enumerable.Repeat(Hex64(Value) + "17" + Script, count));
        var raw = $"0200000000fd{Hex16(count)}{outputs}00000000";
        var change = new JsonObject { ["changePosition"] = count, ["feeRate"] = "0.0002" };
        var funded = await _daemon.CallAsync("fundrawtransaction", [raw, change, false]);
        var signed = await _daemon.CallAsync("signrawtransactionwithwallet", [funded.GetProperty("hex").GetString()]);
        var id = (await _daemon.CallAsync("sendrawtransaction", [signed.GetProperty("hex").GetString()])).GetString()!;
        // What is in the mempool from the last fill is not wanted in this block.
        await _daemon.CallAsync("generateblock", [Address, new JsonArray(id)]);
        var previous = Convert.FromHexString(id);
        Array.Reverse(previous);
        for (var index = 0; index < count; index++)
        {
            var spend = $"0200000001{Convert.ToHexStringLower(previous)}{Hex32(index)}{Show}ffffffff"
                + $"01{Hex64(Value - Fee)}17{Script}00000000";
            await _daemon.CallAsync("sendrawtransaction", [spend]);
        }
    }

    private static string Hex16(int value) => Swapped(value, 4);

    private static string Hex32(int value) => Swapped(value, 8);

    private static string Hex64(long value) => Swapped(value, 16);

    private static string Swapped(long value, int digits) =>
        BinaryPrimitives.ReverseEndianness(value).ToString("x16", CultureInfo.InvariantCulture)[..digits];
}
