namespace Stratum.Mining.Tests;

public class RewardSplitTests
{
    private static readonly CoinNetwork s_network = Coin.Bitcoin.GetNetwork("regtest");
    private static readonly Address s_main = NewAddress(0);
    private static readonly BlockTemplate s_template =
        BlockTemplate.FromJson(Vectors.Json("bitcoin-gbt-h102-empty.json"));

    [Fact]
    public void Split_NoOutputs_PaysTheMainAddress() => AssertPaid(5_000, [], (0, 5_000));

    [Fact]
    public void Split_AmountsAndShares_ArePaidInTheirOrderBehindTheMainAddress()
    {
        RewardOutput[] outputs =
        [
            RewardOutput.OfAmount(NewAddress(1), 1_000), RewardOutput.OfPercent(NewAddress(2), 2.5m),
            RewardOutput.OfAmount(NewAddress(3), 7), RewardOutput.OfPercent(NewAddress(4), 0.0001m),
        ];
        // A share is one of the whole reward, rounded down.
        AssertPaid(5_000_039, outputs, (0, 5_000_039 - 1_000 - 125_000 - 7 - 5), (1, 1_000), (2, 125_000), (3, 7), (4, 5));
    }

    [Fact]
    public void Split_RewardThatShrinks_PaysInOrderWhatFits()
    {
        RewardOutput[] outputs =
        [
            RewardOutput.OfAmount(NewAddress(1), 1_000), RewardOutput.OfPercent(NewAddress(2), 50),
            RewardOutput.OfAmount(NewAddress(3), 500),
        ];
        AssertPaid(4_000, outputs, (0, 500), (1, 1_000), (2, 2_000), (3, 500));
        AssertPaid(3_000, outputs, (1, 1_000), (2, 1_500), (3, 500));
        AssertPaid(2_500, outputs, (1, 1_000), (2, 1_250), (3, 250));
        AssertPaid(1_500, outputs, (1, 1_000), (2, 500));
        AssertPaid(900, outputs, (1, 900));
        AssertPaid(0, outputs, (0, 0));
    }

    [Fact]
    public void Split_AnyReward_PaysAllOfIt()
    {
        var random = new Random(4);
        for (var i = 0; i < 2_000; i++)
        {
            var outputs = Enumerable.Range(1, random.Next(6)).Select(n => random.Next(2) == 0
                ? RewardOutput.OfAmount(NewAddress(n), random.NextInt64(1, 1L << random.Next(1, 62)))
                : RewardOutput.OfPercent(NewAddress(n), random.Next(1, 1_000_001) / 10_000m)).ToList();
            var value = random.NextInt64(1L << random.Next(0, 63));
            var paid = RewardSplit.Split(value, s_main, outputs);
            Assert.Equal(value, paid.Sum(one => one.Value));
            Assert.All(paid, one => Assert.True(one.Value > 0 || (paid.Count == 1 && value == 0)));
        }
    }

    [Fact]
    public void FromTemplate_Outputs_AreInTheCoinbase()
    {
        var options = new JobOptions { Outputs = [RewardOutput.OfPercent(NewAddress(1), 1)] };
        var job = Job.FromTemplate(s_template, Coin.Bitcoin, s_main, options);
        // Sequence, three outputs with that of the commitment, ours first.
        Assert.Contains("ffffffff03" + Output(4_950_000_000, s_main) + Output(50_000_000, NewAddress(1)) + "0000000000000000",
            Convert.ToHexStringLower(job.Coinbase2.Span), StringComparison.Ordinal);
        Assert.Equal(job.Coinbase2.ToArray(), job.Renew!(job.Time).Coinbase2.ToArray());
    }

    [Fact]
    public void Validate_WhatFits_IsTaken()
    {
        Validate();
        Validate(RewardOutput.OfPercent(NewAddress(1), 99.9999m));
        Validate(RewardOutput.OfAmount(NewAddress(1), 4_999_999_999));
        // Past the last subsidy.
        RewardSplit.Validate(s_template with { CoinbaseValue = 0 }, Coin.Bitcoin, s_main,
            Options(RewardOutput.OfPercent(NewAddress(1), 1)));
    }

    [Fact]
    public void Validate_AllOfTheRewardOrMore_NamesFigures()
    {
        AssertRefused("take 60 of a reward of 50", RewardOutput.OfAmount(NewAddress(1), 6_000_000_000));
        AssertRefused("take 50 of a reward of 50", RewardOutput.OfAmount(NewAddress(1), 5_000_000_000));
        AssertRefused("take 50 of a reward of 50", RewardOutput.OfPercent(NewAddress(1), 50), RewardOutput.OfPercent(NewAddress(2), 50));
        AssertRefused($"Up to {NewAddress(2)}=20.5 the outputs take 50.5 of a reward of 50",
            RewardOutput.OfPercent(NewAddress(1), 60), RewardOutput.OfAmount(NewAddress(2), 2_050_000_000),
            RewardOutput.OfPercent(NewAddress(3), 1));
        AssertRefused("reward of 50", RewardOutput.OfAmount(NewAddress(1), long.MaxValue), RewardOutput.OfAmount(NewAddress(2), long.MaxValue));
    }

    [Fact]
    public void Validate_AddressTwice_NamesIt()
    {
        // Bech32 in capitals pays the same script.
        var capitals = Address.Parse(NewAddress(1).Text.ToUpperInvariant(), Coin.Bitcoin, s_network);
        AssertRefused($"{capitals}=2%: this address is paid by {NewAddress(1)}=1%",
            RewardOutput.OfPercent(NewAddress(1), 1), RewardOutput.OfPercent(capitals, 2));
        AssertRefused($"{s_main}=1%: this is the main address", RewardOutput.OfPercent(s_main, 1));
    }

    // 3,668 weight units: 36 of witness, and 4 a byte of what surrounds scriptSig and outputs (51), of the scriptSig (height
    // 2, salt 5, extranonce 13, tag 13), the commitment (8 + 1 + 38) and each output (8 + 1 + 22).
    [Fact]
    public void Validate_TooManyOutputs_SaysHowManyFit()
    {
        var outputs = Enumerable.Range(1, 40).Select(n => RewardOutput.OfPercent(NewAddress(n), 1)).ToArray();
        var around = 51 + 2 + 5 + 13 + 13 + 47;
        var fitting = (3668 - 36 - 4 * around) / (4 * 31) - 1;
        Validate(outputs[..fitting]);
        AssertRefused($"the first {fitting} outputs fit", outputs[..(fitting + 1)]);
        AssertRefused($"the first {fitting} outputs fit", outputs);
        // A coin of another form is not measured.
        RewardSplit.Validate(s_template, Coin.Bitcoin with { ChecksTransactions = false }, s_main, Options(outputs));
    }

    [Fact]
    public void Validate_TagThatCountsAsSignatures_IsWithinTheCost()
    {
        // The last byte of the tugrik sign is OP_CHECKMULTISIG: 20 signatures, four a sigop, six times.
        var options = Options() with { Tag = string.Concat(Enumerable.Repeat("\u20ae", 6)) };
        var error = Assert.Throws<ArgumentException>(() => RewardSplit.Validate(s_template, Coin.Bitcoin, s_main, options));
        Assert.Contains("a sigop cost of 480", error.Message, StringComparison.Ordinal);
        Assert.Contains("it is the tag; shorten it", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("76a914000000000000000000000000000000000000000088ac", 1)]
    [InlineData("a914000000000000000000000000000000000000000087", 0)]
    [InlineData("0014acacacacacacacacacacacacacacacacacacacac", 0)]
    [InlineData("acadaeaf", 42)]
    [InlineData("4c02acacac", 1)]
    [InlineData("4d0200acacac", 1)]
    [InlineData("4e02000000acacac", 1)]
    [InlineData("ac2fac", 1)]
    [InlineData("ac4c", 1)]
    [InlineData("ac4e0200", 1)]
    [InlineData("ac4effffffffac", 1)]
    public void SigopsOf_Script_AreCountedAsNodesDo(string script, int sigops) =>
        Assert.Equal(sigops, CoinbaseCost.SigopsOf(Convert.FromHexString(script)));

    [Fact]
    public void Validate_TagThatDoesNotFit_SaysSo()
    {
        var options = Options() with { Tag = new string('t', 90) };
        var error = Assert.Throws<ArgumentException>(() => RewardSplit.Validate(s_template, Coin.Bitcoin, s_main, options));
        Assert.Contains("the tag may have", error.Message, StringComparison.Ordinal);
    }

    private static void Validate(params RewardOutput[] outputs) =>
        RewardSplit.Validate(s_template, Coin.Bitcoin, s_main, Options(outputs));

    private static JobOptions Options(params RewardOutput[] outputs) => new() { Outputs = outputs };

    private static void AssertRefused(string text, params RewardOutput[] outputs) =>
        Assert.Contains(text, Assert.Throws<ArgumentException>(() => Validate(outputs)).Message, StringComparison.Ordinal);

    private static void AssertPaid(long value, IReadOnlyList<RewardOutput> outputs, params (int To, long Value)[] expected) =>
        Assert.Equal(
            expected.Select(one => Output(one.Value, NewAddress(one.To))),
            RewardSplit.Split(value, s_main, outputs).Select(one => Output(one.Value, one.Script)));

    private static Address NewAddress(int number)
    {
        var hash = new byte[20];
        hash[0] = (byte)number;
        return Address.FromPublicKeyHash(hash, s_network);
    }

    private static string Output(long value, Address address) => Output(value, address.ScriptPubKey);

    private static string Output(long value, ReadOnlyMemory<byte> script) =>
        Convert.ToHexStringLower([.. BitConverter.GetBytes(value), (byte)script.Length, .. script.Span]);
}
