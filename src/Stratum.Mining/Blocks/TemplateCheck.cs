namespace Stratum.Mining;

/// <summary>
/// Recognises a template that contradicts itself or asks for what this library cannot do: a block of it would be
/// refused, and its miners would work for nothing.
/// </summary>
public static class TemplateCheck
{
    private const string Signet = "signet";
    private const byte OpTrue = 0x51;
    private const int MaxQuoted = 100;
    private static readonly string[] s_knownRules = ["csv", "segwit", "taproot", "mweb"];

    /// <summary>
    /// Null when the template is fine, else one sentence that names the member and both values. What a node leaves out
    /// is not held against it.
    /// </summary>
    /// <param name="template">The answer of <c>getblocktemplate</c>.</param>
    /// <param name="coin">
    /// Says what can be checked: values by <see cref="Coin.MaxSubsidy"/>, transactions, commitment and the place of
    /// Litecoin's HogEx by <see cref="Coin.ChecksTransactions"/>, rules beyond the common ones by
    /// <see cref="Coin.TemplateRules"/>.
    /// </param>
    /// <remarks>Hashes every transaction, which is nearly all of its cost; allocates nothing per transaction.</remarks>
    public static string? FindContradiction(BlockTemplate template, Coin coin)
    {
        ArgumentNullException.ThrowIfNull(template);
        ArgumentNullException.ThrowIfNull(coin);
        return FindInRules(template, coin) ?? FindInBits(template) ?? FindInHeight(template)
            ?? FindInValue(template, coin) ?? TransactionCheck.FindDuplicate(template)
            ?? (coin.ChecksTransactions ? TransactionCheck.FindWrong(template) : null);
    }

    private static string? FindInRules(BlockTemplate template, Coin coin)
    {
        // BIP 9: a rule with ! changes what a block is, for whoever makes one.
        foreach (var rule in template.Rules.Where(rule => rule.StartsWith('!')).Select(rule => rule[1..]))
        {
            if (rule == Signet)
            {
                if (FindInChallenge(template.SignetChallenge) is { } wrong)
                    return wrong;
            }
            else if (!s_knownRules.Contains(rule) && !coin.TemplateRules.Contains(rule))
            {
                return $"rules has !{Shorten(rule)}, which a miner must understand, and known here are "
                    + $"{string.Join(", ", s_knownRules.Union(coin.TemplateRules))}: such blocks cannot be made.";
            }
        }
        return null;
    }

    // BIP 325: without a solution in its commitment a block is valid only where an empty one is, as with OP_TRUE.
    private static string? FindInChallenge(ReadOnlyMemory<byte>? challenge) =>
        challenge is { Span: [OpTrue] } ? null
        : $"signet_challenge is {QuoteHex(challenge)}, not '51' (OP_TRUE): blocks of this signet need a "
            + "signature by its challenge, which is not made here.";

    private static string QuoteHex(ReadOnlyMemory<byte>? bytes) =>
        bytes is { } some ? $"'{Shorten(Convert.ToHexStringLower(some.Span))}'" : "not given";

    // What the node wrote may be of any length.
    private static string Shorten(string text) => text.Length <= MaxQuoted ? text : text[..MaxQuoted] + "...";

    private static string? FindInBits(BlockTemplate template)
    {
        var (bits, target) = (template.Bits, template.Bits.ToTarget());
        if (target == Target.Zero)
            return $"bits is {bits}, which is {bits.WhyNothingMeetsIt()}, not a target from 1 to {Target.Max}.";
        return template.Target is { } given && given != target
            ? $"target is {given}, but bits is {bits}, which is the target {target}."
            : null;
    }

    private static string? FindInHeight(BlockTemplate template) => template.Height < 1
        ? $"height is {template.Height}, but a block that has a previous one has a height of at least 1."
        : null;

    private static string? FindInValue(BlockTemplate template, Coin coin)
    {
        if (coin.MaxSubsidy is not { } subsidy)
            return null;
        // Wider than any sum of them, whatever a node says.
        Int128 fees = 0;
        var allKnown = true;
        foreach (var transaction in template.Transactions)
        {
            if (transaction.FeeIsKnown)
                fees += transaction.Fee;
            else
                allKnown = false;
        }
        if (template.CoinbaseValue < fees)
            return $"coinbasevalue is {template.CoinbaseValue}, less than the fees of the transactions, {fees}.";
        return allKnown && template.CoinbaseValue > fees + subsidy
            ? $"coinbasevalue is {template.CoinbaseValue}, more than the fees of the transactions, {fees}, and the "
                + $"largest subsidy of {coin.Name}, {subsidy}."
            : null;
    }
}
