using System.Buffers.Binary;
using System.Security.Cryptography;
using Stratum.Mining;

namespace Stratum.Daemon.Tests;

/// <summary>
/// What a miner makes of a job: the header from the parts that stand in a notify, with the hashes of the base library
/// and none of ours but scrypt.
/// </summary>
internal static class JobMiner
{
    /// <summary>The 80 bytes for a pair of extranonces.</summary>
    public static byte[] Header(Job job, byte[] extranonce1, byte[] extranonce2, uint nonce = 0)
    {
        byte[] root = Twice([.. job.Coinbase1.Span, .. extranonce1, .. extranonce2, .. job.Coinbase2.Span]);
        byte[] sibling = new byte[32];
        foreach (Hash256 hash in job.MerkleBranch.Span)
        {
            hash.CopyTo(sibling);
            root = Twice([.. root, .. sibling]);
        }

        byte[] header = new byte[80];
        BinaryPrimitives.WriteUInt32LittleEndian(header, job.Version);
        job.PreviousBlock.CopyTo(header.AsSpan(4));
        root.CopyTo(header.AsSpan(36));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(68), job.Time);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(72), job.Bits.Bits);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(76), nonce);
        return header;
    }

    /// <summary>Counts the nonce up until the header is a block.</summary>
    public static void Solve(Job job, byte[] header)
    {
        byte[] hash = new byte[32];
        for (uint nonce = 0; ; nonce++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(76), nonce);
            job.Coin!.ProofOfWork(header, hash);
            if (job.BlockTarget.IsMetBy(new Hash256(hash)))
            {
                return;
            }
        }
    }

    /// <summary>The id by which the daemon knows the block, as it prints it.</summary>
    public static string Id(byte[] header)
    {
        byte[] id = Twice(header);
        Array.Reverse(id);
        return Convert.ToHexStringLower(id);
    }

    private static byte[] Twice(byte[] data) => SHA256.HashData(SHA256.HashData(data));
}
