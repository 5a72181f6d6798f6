using BenchmarkDotNet.Attributes;
using Stratum.Mining;

namespace Stratum.Bench;

/// <summary>A share's hash and the miner's nonce. Budget of the miner: 2.4 x OpenSSL.</summary>
public class ScryptNonces
{
    private const int Count = 64;
    private readonly byte[] _header = new byte[80];
    private readonly byte[] _hash = new byte[32];
    private readonly NonceScanner _scanner = NonceScanner.Create("scrypt");
    private uint _start;

    [Benchmark(Baseline = true)]
    public void OpenSsl() => OpenSslScrypt.Hash(_header, _hash);

    [Benchmark]
    public void Ours() => Scrypt.Hash(_header, _hash);

    [Benchmark(OperationsPerInvoke = Count)]
    public bool Scanner() => _scanner.TryScan(_header, _start++ * Count, Count, Target.Zero, out _, out _);
}
