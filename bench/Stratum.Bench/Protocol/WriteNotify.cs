using System.Buffers;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Stratum.Mining;
using Stratum.Protocol;

namespace Stratum.Bench;

/// <summary>A job of a full block to its line.</summary>
public class WriteNotify
{
    private readonly ArrayBufferWriter<byte> _written = new(8192);
    private readonly Stratum.Mining.Job _job = Samples.NewJob();
    private Notify _notify = null!;

    [GlobalSetup]
    public void Setup() => _notify = new Notify
    {
        JobId = "1eedb23e",
        PreviousBlock = _job.PreviousBlock,
        Coinbase1 = _job.Coinbase1,
        Coinbase2 = _job.Coinbase2,
        MerkleBranch = _job.MerkleBranch,
        Version = _job.Version,
        Bits = _job.Bits,
        Time = _job.Time,
        Clean = true,
    };

    [Benchmark(Baseline = true)]
    public int JsonSerializerAndStrings()
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object?>
        {
            ["id"] = null,
            ["method"] = "mining.notify",
            ["params"] = new object[]
            {
                _notify.JobId, Swapped(_notify.PreviousBlock), Hex(_notify.Coinbase1.Span), Hex(_notify.Coinbase2.Span),
                _notify.MerkleBranch.ToArray().Select(hash => Hex(hash.ToArray())).ToArray(),
                _notify.Version.ToString("x8"), _notify.Bits.Bits.ToString("x8"), _notify.Time.ToString("x8"), _notify.Clean,
            },
        });
        return bytes.Length;
    }

    [Benchmark]
    public int Ours()
    {
        _written.ResetWrittenCount();
        _notify.Write(_written);
        return _written.WrittenCount;
    }

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexString(bytes).ToLowerInvariant();

    private static string Swapped(Hash256 hash)
    {
        var bytes = hash.ToArray();
        for (var i = 0; i < bytes.Length; i += 4)
            Array.Reverse(bytes, i, 4);
        return Hex(bytes);
    }
}
