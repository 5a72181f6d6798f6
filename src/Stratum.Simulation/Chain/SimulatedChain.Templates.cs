using System.Globalization;
using Stratum.Mining;

namespace Stratum.Simulation;

/// <summary>What the chain offers to mine.</summary>
public sealed partial class SimulatedChain
{
    // What a node leaves free for header and coinbase, of the 4,000,000 that a block may weigh.
    private const int ReservedWeight = 4000;
    private const int MostTransactionWeight = BlockRules.MaximumWeight - ReservedWeight;

    /// <summary>Work for miners, as <c>getblocktemplate</c> gives it.</summary>
    public BlockTemplate GetTemplate() => Snapshot().Template;

    internal TemplateSnapshot Snapshot()
    {
        lock (_gate)
        {
            Advance();
            _snapshot ??= CreateSnapshot();
            uint now = Math.Max((uint)_time.GetUtcNow().ToUnixTimeSeconds(), _snapshot.Template.MinTime);
            return _snapshot with { Template = _snapshot.Template with { CurTime = now } };
        }
    }

    private TemplateSnapshot CreateSnapshot()
    {
        var tip = _store.Tip;
        long height = tip.Block.Height + 1;
        PretendTransaction[] waiting = [.. _mempool.Waiting];
        var chosen = Choose(waiting);
        byte[]? mweb = null;
        if (_rules.HasMweb(height))
        {
            mweb = PretendMweb.Create(height, tip.Block.Hash, _revision);
            chosen.Add(PretendMweb.HogEx(mweb, BlockRules.NextHogExSpends(tip)));
        }

        return new TemplateSnapshot(new BlockTemplate
        {
            Version = Options.Version,
            PreviousBlock = tip.Block.Hash,
            Transactions = [.. chosen.Select(t => t.Template)],
            CoinbaseValue = Options.Subsidy + chosen.Sum(t => t.Template.Fee),
            CoinbaseAux = Options.CoinbaseFlags,
            Bits = _bits,
            MinTime = ChainStore.MedianTime(tip) + 1,
            CurTime = 0,
            Height = height,
            WitnessCommitment = HasWitness
                ? (ReadOnlyMemory<byte>?)WitnessCommitment.Script(chosen.Select(t => t.Template.WitnessHash)) : null,
            LongPollId = LongPollId(),
            Rules = Rules(mweb is not null),
            VersionBitsRequired = Options.VersionBitsRequired,
            Mweb = mweb is null ? null : (ReadOnlyMemory<byte>?)mweb,
        }, chosen, waiting);
    }

    /// <summary>The transactions from the first on that fit into a block: none without its parent.</summary>
    private static List<PretendTransaction> Choose(PretendTransaction[] waiting)
    {
        long weight = 0;
        return [.. waiting.TakeWhile(t => (weight += t.Template.Weight) <= MostTransactionWeight)];
    }

    private List<string> Rules(bool mweb)
    {
        List<string> rules = ["csv"];
        if (HasWitness)
        {
            rules.Add("!segwit");
        }

        if (SignetChallenge is not null)
        {
            rules.Add("!signet");
        }

        if (HasWitness)
        {
            rules.Add("taproot");
        }

        if (mweb)
        {
            rules.Add("mweb");
        }

        return rules;
    }

    // As in bitcoind: the tip and a number that counts changes of the mempool.
    private string LongPollId() => _store.Tip.Block.Hash + _revision.ToString(CultureInfo.InvariantCulture);
}
