namespace Stratum.Mining;

/// <summary>
/// Divides a block's reward: amounts and shares are paid in their order, what remains goes to the main address, whose
/// output is the first.
/// </summary>
public static class RewardSplit
{
    /// <summary>
    /// The outputs for a reward of any size, so that work goes on when it shrinks (a halving, no fees): an output that
    /// does not fit any more gets what is left, and those behind it nothing. Outputs of 0 are left out, that of the
    /// main address too unless it is the only one.
    /// </summary>
    /// <param name="value">Subsidy and fees in the coin's smallest unit.</param>
    /// <param name="payTo">The main address.</param>
    /// <param name="outputs">Who else is paid, in this order.</param>
    public static IReadOnlyList<CoinbaseOutput> Split(long value, Address payTo, IReadOnlyList<RewardOutput> outputs)
    {
        ArgumentNullException.ThrowIfNull(payTo);
        ArgumentNullException.ThrowIfNull(outputs);
        var paid = new List<CoinbaseOutput>(outputs.Count + 1);
        var left = value;
        foreach (var output in outputs)
        {
            var amount = Math.Min(output.Of(value), left);
            if (amount <= 0)
                continue;
            paid.Add(new CoinbaseOutput(amount, output.Address.ScriptPubKey));
            left -= amount;
        }
        if (left != 0 || paid.Count == 0)
            paid.Insert(0, new CoinbaseOutput(left, payTo.ScriptPubKey));
        return paid;
    }

    /// <summary>
    /// Refuses outputs that cannot be meant. For the start, with the first template: later templates are worked on as
    /// <see cref="Split"/> says.
    /// </summary>
    /// <param name="template">Has the reward, and what else goes into the coinbase.</param>
    /// <param name="coin">The coin it belongs to.</param>
    /// <param name="payTo">The main address.</param>
    /// <param name="options">With the outputs, the tag and the extranonce size.</param>
    /// <exception cref="ArgumentException">
    /// They take all of the reward or more, an address is there twice, or the coinbase becomes larger than what daemons
    /// keep free for it (the text says how many outputs fit; where <see cref="Coin.ChecksTransactions"/> is false it is
    /// not measured), or its scriptSig does not fit.
    /// </exception>
    public static void Validate(BlockTemplate template, Coin coin, Address payTo, JobOptions options)
    {
        ArgumentNullException.ThrowIfNull(template);
        ArgumentNullException.ThrowIfNull(coin);
        ArgumentNullException.ThrowIfNull(payTo);
        ArgumentNullException.ThrowIfNull(options);
        RefuseTwice(payTo, options.Outputs);
        RefuseTooMuch(template.CoinbaseValue, options.Outputs);
        var cost = CoinbaseCost.Of(template, coin, payTo, options);
        if (coin.ChecksTransactions && !cost.Fits)
            throw TooLarge(cost, template, coin, payTo, options);
    }

    private static void RefuseTwice(Address payTo, IReadOnlyList<RewardOutput> outputs)
    {
        for (var i = 0; i < outputs.Count; i++)
        {
            // By what is paid: an address in bech32 may be written in either case.
            var script = outputs[i].Address.ScriptPubKey;
            if (script.Span.SequenceEqual(payTo.ScriptPubKey.Span))
                throw new ArgumentException(
                    $"{outputs[i]}: this is the main address, which gets what remains; leave the output out.");
            for (var before = 0; before < i; before++)
                if (script.Span.SequenceEqual(outputs[before].Address.ScriptPubKey.Span))
                    throw new ArgumentException(
                        $"{outputs[i]}: this address is paid by {outputs[before]} already; make one output of both.");
        }
    }

    private static void RefuseTooMuch(long value, IReadOnlyList<RewardOutput> outputs)
    {
        Int128 sum = 0;
        foreach (var output in outputs)
        {
            sum += output.Of(value);
            // A chain may be past its last subsidy: then shares of nothing are nothing.
            if (sum > value || (sum == value && value > 0))
                throw new ArgumentException(
                    $"Up to {output} the outputs take {RewardOutput.InCoins(sum)} of a reward of "
                    + $"{RewardOutput.InCoins(value)}, and something must remain for the main address: pay less, or "
                    + "make one of them the main address.");
        }
    }

    private static ArgumentException TooLarge(
        CoinbaseCost cost, BlockTemplate template, Coin coin, Address payTo, JobOptions options)
    {
        // None does where the tag alone is too much.
        var fitting = options.Outputs.Count;
        while (fitting > 0 && !CoinbaseCost.Of(template, coin, payTo, FirstOf(options, fitting)).Fits)
            fitting--;
        return new ArgumentException(
            $"The coinbase with {options.Outputs.Count} outputs beside the main one has {cost.Weight} weight units and "
            + $"a sigop cost of {cost.SigopCost}; daemons keep {CoinbaseCost.MaxWeight} and "
            + $"{CoinbaseCost.MaxSigopCost} free for it: "
            + (fitting > 0 ? $"the first {fitting} outputs fit." : "without any it is the tag; shorten it."));
    }

    private static JobOptions FirstOf(JobOptions options, int count) =>
        options with { Outputs = [.. options.Outputs.Take(count)] };
}
