using System.Buffers.Binary;
using System.Text;

namespace Stratum.Mining;

/// <summary>What a coinbase takes of a block's limits (BIP 141).</summary>
internal readonly record struct CoinbaseCost(int Weight, int SigopCost)
{
    /// <summary>
    /// Daemons fill a block up to 4,000 weight units below its limit. The header (80 bytes) and the number of
    /// transactions (up to 3) come out of that too, four units a byte.
    /// </summary>
    public const int MaxWeight = 4000 - 4 * (BlockHeader.Size + 3);

    /// <summary>Daemons fill a block up to 400 below its limit of signature operations.</summary>
    public const int MaxSigopCost = 400;

    private const int Scale = 4;
    private const int WitnessWeight = 36;

    /// <summary>Whether a daemon's fullest template has room for it.</summary>
    public bool Fits => Weight <= MaxWeight && SigopCost <= MaxSigopCost;

    /// <summary>Of the coinbase that a job would have.</summary>
    public static CoinbaseCost Of(BlockTemplate template, Coin coin, Address payTo, JobOptions options)
    {
        var coinbase = JobFactory.BuildCoinbase(template, coin, payTo, options);
        var size = coinbase.Part1.Length + coinbase.ExtranonceSize + coinbase.Part2.Length;
        var sigops = RewardSplit.Split(template.CoinbaseValue, payTo, options.Outputs)
            .Sum(output => SigopsOf(output.Script.Span));
        // The scriptSig counts too; of its parts only these two are not pushes.
        sigops += SigopsOf(template.CoinbaseAux.Span) + SigopsOf(Encoding.UTF8.GetBytes(options.Tag));
        return new CoinbaseCost(Scale * size + (coinbase.HasWitness ? WitnessWeight : 0), Scale * sigops);
    }

    /// <summary>
    /// Signature operations as nodes count them in a script that is not run: up to the first push that is cut off.
    /// </summary>
    public static int SigopsOf(ReadOnlySpan<byte> script)
    {
        var count = 0;
        while (!script.IsEmpty)
        {
            var op = script[0];
            script = script[1..];
            count += op switch
            {
                0xac or 0xad => 1, // OP_CHECKSIG, OP_CHECKSIGVERIFY
                0xae or 0xaf => 20, // OP_CHECKMULTISIG, OP_CHECKMULTISIGVERIFY: as many as there may be keys
                _ => 0,
            };
            if (op < 0x4f && !TrySkipPush(op, ref script))
                break;
        }
        return count;
    }

    // Up to 75 the code is the length; OP_PUSHDATA1, 2 and 4 are followed by it.
    private static bool TrySkipPush(byte op, ref ReadOnlySpan<byte> script)
    {
        var prefix = op switch { 0x4c => 1, 0x4d => 2, 0x4e => 4, _ => 0 };
        if (script.Length < prefix)
            return false;
        long length = op switch
        {
            0x4c => script[0],
            0x4d => BinaryPrimitives.ReadUInt16LittleEndian(script),
            0x4e => BinaryPrimitives.ReadUInt32LittleEndian(script),
            _ => op,
        };
        script = script[prefix..];
        if (script.Length < length)
            return false;
        script = script[(int)length..];
        return true;
    }
}
