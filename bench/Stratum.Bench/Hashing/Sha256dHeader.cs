using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Stratum.Mining;

namespace Stratum.Bench;

/// <summary>A header, as each share costs one.</summary>
public class Sha256dHeader
{
    private readonly byte[] _header = new byte[80];
    private readonly byte[] _hash = new byte[32];

    [Benchmark(Baseline = true)]
    public void FrameworkTwice()
    {
        SHA256.HashData(_header, _hash);
        SHA256.HashData(_hash, _hash);
    }

    [Benchmark]
    public void Ours() => Sha256d.Hash(_header, _hash);
}
