using System.Buffers.Binary;
using Stratum.Mining;

namespace Stratum.Simulation;

/// <summary>Looks for the nonce of one header, for tests and <c>generatetoaddress</c>.</summary>
internal static class HeaderSearch
{
    private const int NonceOffset = 76;

    // Small enough that a cancelled search ends within a fraction of a second, scrypt too.
    private const uint Slice = 1024;

    /// <summary>Writes the nonce into the header when a hash meets the target.</summary>
    /// <param name="coin">Its proof of work counts.</param>
    /// <param name="header">80 bytes, searched from nonce 0.</param>
    /// <param name="target">What the hash must meet.</param>
    /// <param name="tries">Lowered by the hashes that were made.</param>
    /// <param name="cancellationToken">Ends the search with <see cref="OperationCanceledException"/>.</param>
    public static bool TryFind(
        Coin coin, byte[] header, Target target, ref long tries, CancellationToken cancellationToken = default)
    {
        Span<byte> hash = stackalloc byte[32];
        for (uint nonce = 0; tries > 0; nonce++, tries--)
        {
            if (nonce % Slice == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(NonceOffset), nonce);
            coin.ProofOfWork(header, hash);
            if (target.IsMetBy(new Hash256(hash)))
            {
                return true;
            }

            if (nonce == uint.MaxValue)
            {
                return false;
            }
        }

        return false;
    }
}
