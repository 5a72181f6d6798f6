using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using Stratum.Mining;

namespace Stratum.Bench;

/// <summary>The judgement of a share as pools write it at first: arrays, BigInteger, a set of strings.</summary>
internal sealed class OldJudge(Stratum.Mining.Job job, byte[] extranonce1, double difficulty)
{
    private static readonly BigInteger s_difficultyOne = new BigInteger(0xffff) << 208;
    private readonly HashSet<string> _seen = [];

    /// <summary>0 when it counts, else the code of its refusal.</summary>
    public int Judge(byte[] extranonce2, uint time, uint nonce, uint versionBits)
    {
        var hash = Twice([.. job.Coinbase1.Span, .. extranonce1, .. extranonce2, .. job.Coinbase2.Span]);
        foreach (var sibling in job.MerkleBranch.ToArray())
            hash = Twice([.. hash, .. sibling.ToArray()]);
        byte[] header =
        [
            .. LittleEndian((job.Version & ~job.VersionMask) | versionBits), .. job.PreviousBlock.ToArray(), .. hash,
            .. LittleEndian(time), .. LittleEndian(job.Bits.Bits), .. LittleEndian(nonce),
        ];
        var proof = Twice(header);
        var reached = (double)s_difficultyOne / (double)new BigInteger(proof, isUnsigned: true);
        if (reached < difficulty)
            return 23;
        return _seen.Add(Convert.ToHexString(proof)) ? 0 : 22;
    }

    private static byte[] LittleEndian(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }

    private static byte[] Twice(byte[] data) => SHA256.HashData(SHA256.HashData(data));
}
