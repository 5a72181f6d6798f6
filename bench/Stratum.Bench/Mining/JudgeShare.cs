using BenchmarkDotNet.Attributes;
using Stratum.Mining;

namespace Stratum.Bench;

/// <summary>A readable share to its verdict: coinbase, 12 siblings, header, target, seen before.</summary>
public class JudgeShare
{
    private readonly WorkSource _source = new();
    private readonly Stratum.Mining.Job _job = Samples.NewJob();
    private readonly byte[] _jobId = "1eedb23e"u8.ToArray();
    private readonly byte[] _extranonce2 = [0, 0, 0, 0, 0, 0, 0, 1];
    private Subscription _subscription = null!;
    private OldJudge _old = null!;

    [GlobalSetup]
    public void Setup()
    {
        _job.Id = new JobId("1eedb23e");
        _source.Publish(_job, _job.Time);
        _subscription = new Subscription(_source.LeaseExtranonce1());
        _subscription.RecordSent(_job, Difficulty.Floor());
        var extranonce1 = new byte[4];
        _subscription.Extranonce1.CopyTo(extranonce1);
        _old = new OldJudge(_job, extranonce1, Difficulty.Floor().Value);
        // Both see the same share again and again: every check is made, and nothing grows.
        if (_old.Judge(_extranonce2, _job.Time, 7, 0) != 0 || Ours() != ShareVerdict.Accepted
            || Old() != 22 || Ours() != ShareVerdict.Duplicate)
            throw new InvalidOperationException("The share is not judged as it should.");
    }

    [Benchmark(Baseline = true)]
    public int Old() => _old.Judge(_extranonce2, _job.Time, 7, 0);

    [Benchmark]
    public ShareVerdict Ours()
    {
        var share = new Share
        {
            Subscription = _subscription,
            Readable = true,
            JobId = _jobId,
            Extranonce2 = new Extranonce(_extranonce2),
            Time = _job.Time,
            Nonce = 7,
            Authorized = true,
            Tip = _source.Tip,
            Now = _job.Time,
        };
        ShareValidator.Judge(_source, share, out var judgement);
        return judgement.Verdict;
    }
}
