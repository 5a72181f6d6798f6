using System.Globalization;
using System.Text.Json;
using Stratum.Mining;
using Stratum.Rpc;

namespace Stratum.Daemon;

/// <summary>The sentence for each way in which a daemon gives no work.</summary>
internal static class StatusText
{
    public static DaemonStatus Ready(CoinDaemonOptions options, string place) => new(
        DaemonState.Ready, $"{place} gives work on {options.Coin.Name} {options.Network.Name}.");

    public static DaemonStatus Slow(CoinDaemonOptions options, string place) => new(
        DaemonState.Slow,
        $"{place} lets us wait for more than {Seconds(options.TipCheckTimeout)} s: it is overloaded or frozen."
            + " Its last template is used until it answers or is given up.");

    public static DaemonStatus Silent(CoinDaemonOptions options, string place) => new(
        DaemonState.Absent,
        $"{place} has not answered for {Seconds(options.TipCheckTimeout)} s: is it overloaded or frozen, do its RPC threads"
            + " wait for long polls of programs that ended (raise -rpcthreads), or is something else on that port?");

    public static DaemonStatus Unusable(string place, string why) => new(
        DaemonState.Failing, $"{place} gives a template that cannot be used: {Sentence(why)}");

    /// <param name="e">What stopped us.</param>
    /// <param name="place">Host and port.</param>
    /// <param name="info">The last <c>getblockchaininfo</c>, for how far it is.</param>
    public static DaemonStatus Of(Exception e, string place, JsonElement? info) => e switch
    {
        NoWorkException n => n.Status,
        RpcTransportException t => new(StateOf(t.Failure), t.Message),
        RpcException { Code: DaemonErrors.InWarmup } => new(
            DaemonState.WarmingUp, $"{place} is starting (-28): {Sentence(e.Message)}"),
        RpcException { Code: DaemonErrors.InInitialDownload } => new(
            DaemonState.Syncing, $"{place} is catching up with its chain (-10){Progress(info)}: {Sentence(e.Message)}"),
        RpcException { Code: DaemonErrors.NotConnected } => new(
            DaemonState.NoPeers,
            $"{place} has no peers (-9; regtest needs one too, -connect=HOST:PORT): {Sentence(e.Message)}"),
        RpcException r => new(DaemonState.Failing, $"{place} gives no work ({r.Code}): {Sentence(r.Message)}"),
        FormatException => new(DaemonState.Failing, $"{place} gives an answer that cannot be read: {e.Message}"),
        _ => new(DaemonState.Failing, $"{place} gives no work: {e.GetType().Name}: {e.Message}"),
    };

    private static DaemonState StateOf(RpcTransportFailure failure) => failure switch
    {
        RpcTransportFailure.Unauthorized or RpcTransportFailure.Forbidden => DaemonState.Unauthorized,
        RpcTransportFailure.Unreachable or RpcTransportFailure.Timeout or RpcTransportFailure.ConnectionLost =>
            DaemonState.Absent,
        _ => DaemonState.Failing,
    };

    // Whole per cents, so that the status changes a hundred times in a download and not at each look. A node with all
    // blocks says 1 and still waits when the last of them is older than a day.
    private static string Progress(JsonElement? info) =>
        info is { ValueKind: JsonValueKind.Object } o
        && o.TryGetProperty("verificationprogress"u8, out JsonElement progress)
        && progress.ValueKind == JsonValueKind.Number && progress.GetDouble() is >= 0 and < 0.99 and var share
            ? string.Create(CultureInfo.InvariantCulture, $", {Math.Floor(share * 100)} % done")
            : "";

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);

    private static string Sentence(string words) => words.EndsWith('.') ? words : words + ".";
}
