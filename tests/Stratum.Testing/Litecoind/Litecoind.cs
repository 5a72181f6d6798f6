using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Stratum.Testing;

/// <summary>
/// Two real litecoinds that know each other, out of initial download, so that the first gives templates. Takes about
/// 3 s to start.
/// </summary>
public sealed class Litecoind : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly TempFolder _folder;

    private Litecoind(TempFolder folder, LitecoindNode node, LitecoindNode peer)
    {
        _folder = folder;
        Node = node;
        Peer = peer;
    }

    /// <summary>The one to mine with; it has a wallet.</summary>
    public LitecoindNode Node { get; }

    /// <summary>The other one, where blocks that are not ours come from.</summary>
    public LitecoindNode Peer { get; }

    public Uri Url => Node.Url;

    public string CookieFile => Node.CookieFile;

    /// <summary>An address of the node's wallet (<c>rltc1...</c>), which the first blocks were paid to.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Starts both nodes and generates blocks.</summary>
    /// <param name="blocks">Height to start at; from 101 on the wallet has coins to spend. MWEB begins at 432.</param>
    /// <param name="cancellationToken">Gives up and stops what was started.</param>
    public static async Task<Litecoind> StartAsync(int blocks = 101, CancellationToken cancellationToken = default)
    {
        var folder = new TempFolder();
        int[] ports = [FreePort.Next(), FreePort.Next(), FreePort.Next()];
        LitecoindNode? peer = null, node = null;
        try
        {
            peer = LitecoindNode.Start(
                folder.File("peer"), ports[1], "-listen", $"-bind=127.0.0.1:{ports[2]}", "-listenonion=0");
            node = LitecoindNode.Start(folder.File("node"), ports[0], "-listen=0", $"-connect=127.0.0.1:{ports[2]}");
            await Task.WhenAll(peer.ReadyAsync(cancellationToken), node.ReadyAsync(cancellationToken));
            var both = new Litecoind(folder, node, peer);
            await node.CallAsync("createwallet", ["pool"], cancellationToken);
            both.Address = (await node.CallAsync("getnewaddress", ["", "bech32"], cancellationToken)).GetString()!;
            await both.GenerateAsync(node, blocks, cancellationToken);
            await both.InStepAsync(cancellationToken);
            return both;
        }
        catch
        {
            await StopAsync(node, peer);
            folder.Dispose();
            throw;
        }
    }

    /// <summary>A call to <see cref="Node"/>.</summary>
    public Task<JsonElement> CallAsync(
        string method, JsonArray? parameters = null, CancellationToken cancellationToken = default) =>
        Node.CallAsync(method, parameters, cancellationToken);

    /// <summary>Has a node make blocks; their ids, oldest first.</summary>
    public async Task<string[]> GenerateAsync(
        LitecoindNode where, int count = 1, CancellationToken cancellationToken = default)
    {
        JsonElement ids = await where.CallAsync("generatetoaddress", [count, Address], cancellationToken);
        return [.. ids.EnumerateArray().Select(id => id.GetString()!)];
    }

    /// <summary>Waits until both nodes are connected and have the same tip.</summary>
    public async Task InStepAsync(CancellationToken cancellationToken = default)
    {
        for (long begun = Stopwatch.GetTimestamp(); ; await Task.Delay(20, cancellationToken))
        {
            string a = (await Node.CallAsync("getbestblockhash", [], cancellationToken)).GetString()!;
            string b = (await Peer.CallAsync("getbestblockhash", [], cancellationToken)).GetString()!;
            int peers = (await Node.CallAsync("getconnectioncount", [], cancellationToken)).GetInt32();
            if (a == b && peers > 0)
            {
                return;
            }

            if (Stopwatch.GetElapsedTime(begun) > Limit)
            {
                throw new TimeoutException($"The nodes do not agree: {peers} peers, tips {a} and {b}.");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(Node, Peer);
        _folder.Dispose();
    }

    private static async Task StopAsync(params LitecoindNode?[] nodes) =>
        await Task.WhenAll(nodes.OfType<LitecoindNode>().Select(n => n.DisposeAsync().AsTask()));
}
