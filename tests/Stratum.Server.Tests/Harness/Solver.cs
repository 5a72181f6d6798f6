using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;

namespace Stratum.Server.Tests;

/// <summary>A miner in a few lines that shares no code with the server: it works from the notify line alone.</summary>
internal static class Solver
{
    public static readonly BigInteger DifficultyOne = new BigInteger(0xffff) << 208;

    /// <summary>Looks for a nonce whose hash the test wants.</summary>
    /// <param name="job">The work.</param>
    /// <param name="extranonce1">Hex, from subscribe.</param>
    /// <param name="extranonce2">Hex.</param>
    /// <param name="wanted">Which hash will do.</param>
    /// <param name="time">Block time; null for the job's.</param>
    /// <param name="versionBits">The sixth parameter; null for none.</param>
    /// <param name="mask">Which bits the miner may set.</param>
    /// <param name="from">The first nonce to try.</param>
    /// <param name="or">Sets the bits without clearing the mask first, as a miner does that got none.</param>
    public static Solution Find(NotifyLine job, string extranonce1, string extranonce2, Func<BigInteger, bool> wanted,
        uint? time = null, uint? versionBits = null, uint mask = 0x1fffe000, bool or = false, uint from = 0)
    {
        var coinbase = Convert.FromHexString(job.Coinbase1 + extranonce1 + extranonce2 + job.Coinbase2);
        var root = Twice(coinbase);
        foreach (var sibling in job.Branch)
            root = Twice([.. root, .. Convert.FromHexString(sibling)]);
        var version = Number(job.Version);
        if (versionBits is { } bits)
            version = or ? version | bits : (version & ~mask) | bits;
        var header = new List<byte>();
        header.AddRange(BitConverter.GetBytes(version));
        for (var i = 0; i < 64; i += 8)
            header.AddRange(BitConverter.GetBytes(Number(job.PreviousHash.Substring(i, 8))));
        header.AddRange(root);
        header.AddRange(BitConverter.GetBytes(time ?? Number(job.Time)));
        header.AddRange(BitConverter.GetBytes(Number(job.Bits)));
        var bytes = (byte[])[.. header, 0, 0, 0, 0];
        for (var nonce = from; nonce < from + 10_000_000; nonce++)
        {
            BitConverter.TryWriteBytes(bytes.AsSpan(76), nonce);
            var hash = new BigInteger(Twice(bytes), isUnsigned: true);
            if (wanted(hash))
                return new Solution(job.JobId, extranonce2, (time ?? Number(job.Time)).ToString("x8"), nonce.ToString("x8"),
                    versionBits?.ToString("x8"), hash);
        }
        throw new InvalidOperationException("No nonce will do.");
    }

    /// <summary>Hashes of at least this difficulty, not at its edge.</summary>
    public static Func<BigInteger, bool> Above(double difficulty) => hash => (double)DifficultyOne / (double)hash > difficulty * 1.001;

    /// <summary>Hashes below this difficulty, not at its edge.</summary>
    public static Func<BigInteger, bool> Below(double difficulty) => hash => (double)DifficultyOne / (double)hash < difficulty * 0.999;

    /// <summary>Hashes that solve a block of these bits.</summary>
    public static Func<BigInteger, bool> Block(uint bits) => hash => hash <= new BigInteger(bits & 0xffffff) << (8 * ((int)(bits >> 24) - 3));

    public static uint Number(string hex) => uint.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static byte[] Twice(ReadOnlySpan<byte> data) => SHA256.HashData(SHA256.HashData(data));
}
