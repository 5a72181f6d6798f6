using Stratum.Client;
using Stratum.Mining;

namespace Stratum.Simulation;

/// <summary>The shares of one session's job, one after the other.</summary>
internal sealed class JobSearch(NonceScanner scanner, ClientJob job, Target target)
{
    private byte[]? _header;
    private ulong _extranonce2;
    private ulong _nextNonce;

    /// <summary>Finds the next share.</summary>
    /// <returns>False when all were found.</returns>
    public bool TryNext(out Extranonce extranonce2, out uint nonce)
    {
        ulong values = job.Extranonce2Size < 8 ? 1ul << (8 * job.Extranonce2Size) : ulong.MaxValue;
        for (; _extranonce2 < values; _extranonce2++)
        {
            extranonce2 = Extranonce.FromUInt64(_extranonce2, job.Extranonce2Size);
            _header ??= job.BuildHeader(extranonce2, job.Time);
            if (_nextNonce <= uint.MaxValue
                && scanner.TryScan(_header, (uint)_nextNonce, uint.MaxValue, target, out nonce, out _))
            {
                _nextNonce = nonce + 1ul;
                return true;
            }

            (_header, _nextNonce) = (null, 0);
        }

        extranonce2 = default;
        nonce = 0;
        return false;
    }
}
