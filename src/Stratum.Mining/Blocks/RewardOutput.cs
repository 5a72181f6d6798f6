using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Stratum.Mining;

/// <summary>What one address other than the main one gets of each block: an amount, or a share of the reward.</summary>
public sealed record RewardOutput
{
    private const int PercentDecimals = 4;
    private const int CoinDecimals = 8;
    private const string Form = "ADDRESS=1.25 (coins) or ADDRESS=2.5% (of the reward)";

    private RewardOutput(Address address, long? amount, decimal? percent)
    {
        Address = address;
        Amount = amount;
        Percent = percent;
    }

    /// <summary>Who is paid.</summary>
    public Address Address { get; }

    /// <summary>In the coin's smallest unit, at least 1; null for a share.</summary>
    public long? Amount { get; }

    /// <summary>
    /// Of subsidy and fees, above 0 to 100 with up to four decimals; what it comes to is rounded down. Null for an
    /// amount.
    /// </summary>
    public decimal? Percent { get; }

    /// <summary>An amount of each block.</summary>
    /// <param name="address">Who is paid.</param>
    /// <param name="amount">In the coin's smallest unit.</param>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public static RewardOutput OfAmount(Address address, long amount)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (amount < 1)
            throw new ArgumentOutOfRangeException(nameof(amount), amount, "An output pays at least 1.");
        return new RewardOutput(address, amount, null);
    }

    /// <summary>A share of each block.</summary>
    /// <param name="address">Who is paid.</param>
    /// <param name="percent">2.5 is a fortieth.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not above 0 to 100, or more than four decimals.</exception>
    public static RewardOutput OfPercent(Address address, decimal percent)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (WhatIsWrong(percent) is { } wrong)
            throw new ArgumentOutOfRangeException(nameof(percent), percent, $"The share {wrong}.");
        return new RewardOutput(address, null, percent);
    }

    /// <summary>
    /// Reads <c>ADDRESS=1.25</c> (coins of 100,000,000 units) or <c>ADDRESS=2.5%</c> (of the reward); on failure the
    /// error says what is wrong.
    /// </summary>
    public static bool TryParse(string? text, Coin coin, CoinNetwork network,
        [NotNullWhen(true)] out RewardOutput? output, [NotNullWhen(false)] out string? error)
    {
        output = null;
        text = text?.Trim() ?? "";
        var equals = text.LastIndexOf('=');
        if (equals <= 0)
        {
            error = $"'{Shorten(text)}' is no output: write {Form}.";
            return false;
        }
        if (!Address.TryParse(text[..equals], coin, network, out var address, out error))
            return false;
        var figure = text[(equals + 1)..].Trim();
        var isPercent = figure.EndsWith('%');
        if (!decimal.TryParse(isPercent ? figure[..^1].TrimEnd() : figure,
            NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture,
            out var number))
            error = $"'{Shorten(figure)}' of the output for {address} is no number: write {Form}.";
        else if ((isPercent ? WhatIsWrong(number) : WhatIsWrongWithCoins(number)) is { } wrong)
            error = $"The output for {address} is {Shorten(figure)}, which {wrong}.";
        else
            output = isPercent
                ? new RewardOutput(address, null, number)
                : new RewardOutput(address, (long)(number * Coin.SmallestUnits), null);
        return output is not null;
    }

    /// <summary>As <see cref="TryParse"/> reads it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Address}={(Percent is { } percent ? $"{percent:0.####}%" : InCoins(Amount ?? 0))}");

    /// <summary>What it takes of a reward, if that is large enough.</summary>
    internal long Of(long reward) => Amount ?? (long)decimal.Floor(reward * Percent.GetValueOrDefault() / 100);

    internal static string InCoins(Int128 amount) =>
        (decimal.CreateSaturating(amount) / Coin.SmallestUnits).ToString("0.########", CultureInfo.InvariantCulture);

    private static string? WhatIsWrong(decimal percent) =>
        percent is <= 0 or > 100 ? "must be above 0 and at most 100 percent"
        : decimal.Round(percent, PercentDecimals) != percent ? $"may have {PercentDecimals} decimals"
        : null;

    private static string? WhatIsWrongWithCoins(decimal coins) =>
        coins <= 0 ? "must be above 0"
        : coins > long.MaxValue / Coin.SmallestUnits ? "is more than there can be"
        : decimal.Round(coins, CoinDecimals) != coins ? $"may have {CoinDecimals} decimals"
        : null;

    private static string Shorten(string text) => text.Length <= 100 ? text : text[..100] + "...";
}
