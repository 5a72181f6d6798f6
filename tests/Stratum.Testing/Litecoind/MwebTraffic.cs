using System.Text.Json;
using System.Text.Json.Nodes;

namespace Stratum.Testing;

/// <summary>
/// Grows a pair of litecoinds through the MWEB activation and makes transactions of each kind. A wallet for each, so
/// that none picks coins of another kind: <c>pool</c> has ordinary coins only, <c>pegger</c> ordinary coins that go
/// into MWEB, <c>private</c> coins inside MWEB only.
/// </summary>
public sealed class MwebTraffic
{
    /// <summary>Block from which MWEB is in force in regtest.</summary>
    public const int Activation = 432;

    /// <summary>Block from which versions signal for it.</summary>
    public const int Signalling = 144;

    private const int FirstCoins = 20, Maturity = 100, PrivateCoins = 4, CoinsAtOnce = 40, PeggerCoin = 3;

    // An output that anybody may spend: a block whose reward no wallet has to look after is made ten times faster.
    private const string Nobody = "raw(51)";

    private readonly LitecoindNode _node;
    private string _pool = "", _private = "";
    private int _peggerCoins;

    private MwebTraffic(Litecoind litecoind) => _node = litecoind.Node;

    /// <summary>Starts a pair at a height from 122 on; above 431 MWEB is in force and has coins.</summary>
    public static async Task<(Litecoind Litecoind, MwebTraffic Traffic)> StartAsync(
        int height, CancellationToken cancellationToken = default)
    {
        Litecoind litecoind = await Litecoind.StartAsync(FirstCoins, cancellationToken);
        try
        {
            var traffic = new MwebTraffic(litecoind) { _pool = litecoind.Address };
            await traffic.PrepareAsync(cancellationToken);
            await traffic.GrowAsync(height, cancellationToken);
            await litecoind.InStepAsync(cancellationToken);
            return (litecoind, traffic);
        }
        catch
        {
            await litecoind.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes blocks, paid to nobody, up to a height, and on the way what activates MWEB.</summary>
    public async Task GrowAsync(int height, CancellationToken cancellationToken = default)
    {
        int tip = (await _node.CallAsync("getblockcount", [], cancellationToken)).GetInt32();
        if (tip < Activation - 1 && height >= Activation)
        {
            await GenerateAsync(Activation - 1 - tip, cancellationToken);
            tip = Activation - 1;
        }

        if (tip == Activation - 1 && height >= Activation)
        {
            await FillPrivateAsync(cancellationToken);
        }

        await GenerateAsync(height - tip, cancellationToken);
    }

    /// <summary>Puts peg-ins into the mempool, without which block 432 cannot be made.</summary>
    public async Task FillPrivateAsync(CancellationToken cancellationToken = default)
    {
        for (int i = 0; i < PrivateCoins; i++)
        {
            await PegInAsync(cancellationToken);
        }
    }

    /// <summary>An ordinary transaction, with witness. The transaction's id.</summary>
    public Task<string> OrdinaryAsync(CancellationToken cancellationToken = default) =>
        SendAsync("pool", _pool, cancellationToken);

    /// <summary>Ordinary coins into MWEB: an ordinary transaction and a kernel.</summary>
    public async Task<string> PegInAsync(CancellationToken cancellationToken = default)
    {
        if (_peggerCoins-- == 0)
        {
            await FillPeggerAsync(cancellationToken);
        }

        // A whole coin, less the fee: the change would be a coin inside MWEB, which the next peg-in would take.
        JsonArray parameters = [_private, PeggerCoin, "", "", true];
        return (await _node.CallWalletAsync("pegger", "sendtoaddress", parameters, cancellationToken)).GetString()!;
    }

    /// <summary>From MWEB to MWEB: a kernel, and nothing outside the extension block.</summary>
    public Task<string> PrivateAsync(CancellationToken cancellationToken = default) =>
        SendAsync("private", _private, cancellationToken);

    /// <summary>Out of MWEB: a kernel, and an output of the HogEx.</summary>
    public Task<string> PegOutAsync(CancellationToken cancellationToken = default) =>
        SendAsync("private", _pool, cancellationToken);

    private async Task<string> SendAsync(string wallet, string to, CancellationToken cancellationToken) =>
        (await _node.CallWalletAsync(wallet, "sendtoaddress", [to, 0.1], cancellationToken)).GetString()!;

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await _node.CallAsync("createwallet", ["pegger"], cancellationToken);
        await _node.CallAsync("createwallet", ["private"], cancellationToken);
        _private = (await _node.CallWalletAsync("private", "getnewaddress", ["", "mweb"], cancellationToken))
            .GetString()!;
        await GenerateAsync(Maturity, cancellationToken);
        await FillPeggerAsync(cancellationToken);
        await PayAsync("pool", 5, cancellationToken);
        await GenerateAsync(1, cancellationToken);
    }

    private async Task FillPeggerAsync(CancellationToken cancellationToken)
    {
        await PayAsync("pegger", PeggerCoin, cancellationToken);
        _peggerCoins += CoinsAtOnce;
    }

    private async Task PayAsync(string wallet, int coins, CancellationToken cancellationToken)
    {
        var amounts = new JsonObject();
        for (int i = 0; i < CoinsAtOnce; i++)
        {
            amounts[await AddressAsync(wallet, cancellationToken)] = coins;
        }

        await _node.CallWalletAsync("pool", "sendmany", ["", amounts], cancellationToken);
    }

    private async Task<string> AddressAsync(string wallet, CancellationToken cancellationToken) =>
        (await _node.CallWalletAsync(wallet, "getnewaddress", ["", "bech32"], cancellationToken)).GetString()!;

    private async Task GenerateAsync(int blocks, CancellationToken cancellationToken)
    {
        if (blocks > 0)
        {
            await _node.CallAsync("generatetodescriptor", [blocks, Nobody], cancellationToken);
        }
    }
}
