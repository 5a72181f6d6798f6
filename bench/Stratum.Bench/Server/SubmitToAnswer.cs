using System.Buffers;
using System.Buffers.Text;
using System.Text;
using BenchmarkDotNet.Attributes;
using Stratum.Mining;
using Stratum.Server;

namespace Stratum.Bench;

/// <summary>
/// A whole submit: the bytes as a socket gives them to the bytes of the answer, each share a new one that is accepted.
/// </summary>
public class SubmitToAnswer
{
    private const int NonceDigits = 8;

    // The set of seen shares grows by doubling: so many are there before that it does not while it is measured.
    private const int SeenBefore = 1_700_000;
    private readonly ArrayBufferWriter<byte> _written = new(64 << 10);
    private readonly Stratum.Mining.Job _job = Samples.NewJob();
    private StratumServer _server = null!;
    private StratumSession _session = null!;
    private OldSession _old = null!;
    private byte[] _line = null!;
    private byte[] _unknown = null!;
    private int _nonceAt;
    private uint _nonce;

    [GlobalSetup]
    public async Task SetupAsync()
    {
        _server = new StratumServer(new StratumServerOptions { Difficulty = Difficulty.Floor() });
        _session = _server.NewSession();
        _session.Attach(new NullTransport());
        await _server.BroadcastAsync(_job);
        _session.Receive("{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[]}\n"u8);
        _session.Receive("{\"id\":2,\"method\":\"mining.authorize\",\"params\":[\"account.worker\",\"x\"]}\n"u8);
        Take();

        var random = new Random(2);
        for (var i = 0; i < SeenBefore; i++)
            _job.Seen!.TryAdd(Samples.NewHash(random), _job.Sequence, _job.Sequence);
        var extranonce1 = new byte[4];
        _session.Subscription!.Extranonce1.CopyTo(extranonce1);
        _old = new OldSession(new OldJudge(_job, extranonce1, Difficulty.Floor().Value), _job.Id.Value, "account.worker");
        _line = Line(_job.Id.Value);
        _unknown = Line("00000000");
        _nonceAt = _line.Length - "\"]}\n".Length - NonceDigits;
        Expect(Accepted(), "true");
        Expect(Old(), "true");
        Expect(UnknownJob(), "[21,");
    }

    [Benchmark(Baseline = true)]
    public int Old()
    {
        NextNonce();
        var answer = _old.Answer(_line);
        _written.ResetWrittenCount();
        _written.Write(answer);
        return answer.Length;
    }

    [Benchmark]
    public int Accepted()
    {
        NextNonce();
        _session.Receive(_line);
        return Take();
    }

    [Benchmark]
    public int UnknownJob()
    {
        _session.Receive(_unknown);
        return Take();
    }

    private int Take()
    {
        _written.ResetWrittenCount();
        while (_session.Outbound.Take(_written))
        {
        }
        return _written.WrittenCount;
    }

    private void NextNonce() =>
        Utf8Formatter.TryFormat(++_nonce, _line.AsSpan(_nonceAt, NonceDigits), out _, new StandardFormat('x', NonceDigits));

    private byte[] Line(string job) => Encoding.UTF8.GetBytes(
        $$"""{"id":4711,"method":"mining.submit","params":["account.worker","{{job}}","0000000000000001","{{_job.Time:x8}}","00000000"]}""" + "\n");

    private void Expect(int length, string text)
    {
        var answer = Encoding.UTF8.GetString(_written.WrittenSpan);
        if (length != answer.Length || !answer.Contains(text, StringComparison.Ordinal))
            throw new InvalidOperationException($"Not {text} but {answer}");
    }
}
