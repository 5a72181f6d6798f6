using System.Text.Json;
using Stratum.Mining;
using Stratum.Testing;

namespace Stratum.Daemon.Tests;

/// <summary>The single calls and the stream of work against Debian's litecoind.</summary>
public sealed class LitecoindTests(LitecoindFixture fixture) : IClassFixture<LitecoindFixture>
{
    private readonly Litecoind _litecoind = fixture.Litecoind;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // Nothing but the long poll brings work in the time of a test.
    private CoinDaemonOptions Options => TemplateReading.Options(_litecoind.Url) with
    {
        CookieFile = _litecoind.CookieFile,
        TipCheckInterval = TimeSpan.FromHours(1),
        JobInterval = TimeSpan.FromHours(1),
    };

    [Fact]
    public async Task GetTemplateAsync_IsOnTheTip()
    {
        await using var daemon = new CoinDaemon(Options);
        JsonElement info = await _litecoind.CallAsync("getblockchaininfo", cancellationToken: Ct);

        BlockTemplate template = await daemon.GetTemplateAsync(cancellationToken: Ct);

        Assert.Equal(info.GetProperty("bestblockhash").GetString(), template.PreviousBlock.ToString());
        Assert.Equal(info.GetProperty("blocks").GetInt32() + 1, template.Height);
        Assert.NotNull(template.LongPollId);
        Assert.NotNull(template.WitnessCommitment);
        Assert.Equal(0x207fffffu, template.Bits.Bits);
    }

    [Fact]
    public async Task GetBlockHash_OfTheFirst_IsTheNetworksGenesisHash()
    {
        JsonElement first = await _litecoind.CallAsync("getblockhash", [0], Ct);

        Assert.Equal(first.GetString(), Coin.Litecoin.GetNetwork("regtest").GenesisHash.ToString());
    }

    [Fact]
    public async Task TemplatesAsync_BlockOfTheOtherNode_ComesByLongPoll()
    {
        await using var reading = new TemplateReading(Options);
        BlockTemplate first = await reading.NextAsync();
        Assert.Equal(DaemonState.Ready, reading.Daemon.Status.State);

        for (int i = 1; i <= 3; i++)
        {
            reading.Ask();
            string id = Assert.Single(await _litecoind.GenerateAsync(_litecoind.Peer, 1, Ct));
            BlockTemplate next = await reading.NextAsync();
            Assert.Equal(id, next.PreviousBlock.ToString());
            Assert.Equal(first.Height + i, next.Height);
        }

        Assert.Equal([DaemonState.Ready], reading.States);
        await _litecoind.InStepAsync(Ct);
    }

    [Fact]
    public async Task TemplatesAsync_RefreshedOften_LeavesTheDaemonAbleToAnswer()
    {
        // Each long poll that is given up holds one of the daemon's four threads until the next block.
        await using var reading = new TemplateReading(Options with { JobInterval = TimeSpan.FromMilliseconds(20),
            TipCheckInterval = TimeSpan.FromMilliseconds(10) });

        for (int i = 0; i < 20; i++)
        {
            await reading.NextAsync();
        }

        await reading.Daemon.CallAsync("getblockcount", null, TimeSpan.FromSeconds(20), Ct);
        Assert.Equal([DaemonState.Ready], reading.States);
    }

    [Fact]
    public async Task ProposeBlockAsync_GoodAndBad_IsTheDaemonsOpinion()
    {
        await using var daemon = new CoinDaemon(Options);
        BlockTemplate template = await daemon.GetTemplateAsync(cancellationToken: Ct);

        Assert.Null(await daemon.ProposeBlockAsync(Solve(template, template.CoinbaseValue, mine: false), Ct));
        Assert.Equal(
            "bad-cb-amount",
            await daemon.ProposeBlockAsync(Solve(template, template.CoinbaseValue + 1, mine: false), Ct));
    }

    [Fact]
    public async Task SubmitBlockAsync_GoodThenAgain_IsAcceptedThenDuplicate()
    {
        await using var daemon = new CoinDaemon(Options);
        BlockTemplate template = await daemon.GetTemplateAsync(cancellationToken: Ct);
        byte[] block = Solve(template, template.CoinbaseValue, mine: true);

        Assert.Null(await daemon.SubmitBlockAsync(block, Ct));
        Assert.Equal("duplicate", await daemon.SubmitBlockAsync(block, Ct));

        string id = Sha256d.Hash(block.AsSpan(0, BlockHeader.Size)).ToString();
        JsonElement seen = await _litecoind.CallAsync("getblock", [id, 2], Ct);
        JsonElement paid = seen.GetProperty("tx")[0].GetProperty("vout")[0];
        Assert.Equal(template.Height, seen.GetProperty("height").GetInt64());
        Assert.Equal(template.CoinbaseValue, (long)(paid.GetProperty("value").GetDecimal() * 100_000_000));
        Assert.Equal(
            _litecoind.Address, paid.GetProperty("scriptPubKey").GetProperty("addresses")[0].GetString());
        await _litecoind.InStepAsync(Ct);
    }

    [Fact]
    public async Task TemplatesAsync_WrongPassword_SaysWhoIsRefused()
    {
        using var folder = new TempFolder();
        string file = folder.Write("password", "not-it");
        await using var reading = new TemplateReading(
            Options with { CookieFile = null, User = "anna", PasswordFile = file });

        DaemonStatus status = await reading.UntilAsync(DaemonState.Unauthorized);

        Assert.Contains("user anna", status.Text);
        Assert.Contains(file, status.Text);
        Assert.Contains("HTTP 401", status.Text);
        Assert.DoesNotContain("not-it", status.Text);
    }

    [Fact]
    public async Task TemplatesAsync_WrongChain_NamesBoth()
    {
        await using var reading = new TemplateReading(
            Options with { Network = Coin.Litecoin.GetNetwork("mainnet") });

        DaemonStatus status = await reading.UntilAsync(DaemonState.WrongChain);

        Assert.Contains("\"regtest\"", status.Text);
        Assert.Contains("\"main\"", status.Text);
        Assert.True(reading.IsWaiting);
    }

    [Fact]
    public async Task TemplatesAsync_RulesMissing_SaysWhatTheDaemonWants()
    {
        await using var reading = new TemplateReading(
            Options with { Coin = Coin.Litecoin with { TemplateRules = ["segwit"] } });

        DaemonStatus status = await reading.UntilAsync(DaemonState.Failing);

        Assert.Contains("(-8)", status.Text);
        Assert.Contains("mweb", status.Text);
    }

    private byte[] Solve(BlockTemplate template, long value, bool mine)
    {
        Address payTo = Address.Parse(_litecoind.Address, Coin.Litecoin, Coin.Litecoin.GetNetwork("regtest"));
        Coinbase coinbase = CoinbaseBuilder.Build(new CoinbaseRequest
        {
            Height = template.Height,
            ExtranonceSize = 4,
            Outputs = [new CoinbaseOutput(value, payTo.ScriptPubKey)],
            WitnessCommitment = template.WitnessCommitment,
        });
        var extranonce = Extranonce.FromUInt64(7, 4);
        Hash256 id = Sha256d.Hash(coinbase.Assemble(extranonce, default, withWitness: false));
        Hash256 root = MerkleBranch.RootOf([id, .. template.Transactions.Select(t => t.TxId)]);
        byte[] header = new byte[BlockHeader.Size], hash = new byte[32];
        uint nonce = 0;
        do
        {
            new BlockHeader(template.Version, template.PreviousBlock, root, template.CurTime, template.Bits, nonce++)
                .Write(header);
            Scrypt.Hash(header, hash);
        }
        while (mine && !template.Bits.ToTarget().IsMetBy(new Hash256(hash)));

        return Block.Assemble(header, coinbase.Assemble(extranonce, default, withWitness: true), template);
    }
}
