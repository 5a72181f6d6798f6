using Stratum.Mining;

namespace Stratum.Server.Tests;

/// <summary>Templates and jobs made by hand.</summary>
internal static class Work
{
    /// <summary>Bitcoin's first target: difficulty 1, which no test meets by accident.</summary>
    public const uint HardBits = 0x1d00ffff;

    /// <summary>regtest's: every second hash is a block.</summary>
    public const uint RegtestBits = 0x207fffff;

    public static Address Address { get; } =
        Address.FromWitnessProgram(0, Convert.FromHexString("751e76e8199196d454941c45d1b3a323f1433bd6"), Coin.Bitcoin.GetNetwork("regtest"));

    public static Hash256 Tip(byte number)
    {
        var bytes = new byte[32];
        bytes.AsSpan().Fill(number);
        bytes[5] = 0xab;
        return new Hash256(bytes);
    }

    public static BlockTemplate Template(uint now, byte tip = 1, uint bits = HardBits) => new()
    {
        Version = 0x20000000,
        PreviousBlock = Tip(tip),
        Transactions = [Transaction(7), Transaction(8), Transaction(9)],
        CoinbaseValue = 50_0000_0000,
        Bits = new CompactTarget(bits),
        CurTime = now,
        MinTime = now - 600,
        Height = 100 + tip,
    };

    public static Job NewJob(uint now, byte tip = 1, uint bits = HardBits, JobOptions? options = null) =>
        Job.FromTemplate(Template(now, tip, bits), Coin.Bitcoin, Address, options);

    private static TemplateTransaction Transaction(byte number) => new()
    {
        Data = new byte[] { number, number },
        TxId = Tip((byte)(number + 100)),
        WitnessHash = Tip((byte)(number + 100)),
        Fee = 1,
        Weight = 400,
        Sigops = 1,
    };
}
