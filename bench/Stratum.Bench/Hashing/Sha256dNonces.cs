using BenchmarkDotNet.Attributes;
using Stratum.Mining;

namespace Stratum.Bench;

/// <summary>A nonce of the miner. Budget: 1.4 x libcrypto's transform, 2.5 x with Vector512.</summary>
public class Sha256dNonces
{
    private const int Count = 4096;
    private readonly byte[] _header = new byte[80];
    private readonly byte[] _hash = new byte[32];
    private readonly NonceScanner _scanner = NonceScanner.Create("sha256d");
    private uint _start;

    [Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public void LibcryptoTransform()
    {
        for (var i = 0; i < Count; i++)
        {
            _header[76] = (byte)i;
            Sha256d.Hash(_header, _hash);
        }
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public bool Scanner() => _scanner.TryScan(_header, _start++ * Count, Count, Target.Zero, out _, out _);
}
