using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Stratum.Bench;
using Stratum.Mining;
using Stratum.Server;

namespace Stratum.Scale;

/// <summary>Sessions of one server without sockets: the bench is their driver.</summary>
internal sealed class Population : IAsyncDisposable
{
    private static readonly NullTransport s_transport = new();
    private readonly HandTime _time = new();
    private readonly StratumServer _server;
    private readonly StratumSession[] _sessions;
    private readonly ArrayBufferWriter<byte> _taken = new(64 << 10);
    private uint _nonce;

    public Population(int count)
    {
        _server = new StratumServer(new StratumServerOptions
        {
            Port = 0,
            Transport = SessionTransport.Pipe,
            Difficulty = Difficulty.Floor(),
            TooBusy = null,
            TimeProvider = _time,
        });
        _sessions = new StratumSession[count];
    }

    public async Task StartAsync()
    {
        // For the heartbeat; nobody connects.
        await _server.StartAsync();
        await _server.BroadcastAsync(Samples.NewJob());
    }

    public void LogIn()
    {
        for (var i = 0; i < _sessions.Length; i++)
        {
            var session = _server.NewSession();
            session.Attach(s_transport);
            _server.Add(session);
            session.Receive("{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"cgminer/4.12.1\"]}\n"u8);
            session.Receive(Encoding.ASCII.GetBytes(
                $$"""{"id":2,"method":"mining.authorize","params":["account.worker{{i}}","x"]}""" + "\n"));
            Take(session);
            _sessions[i] = session;
        }
    }

    /// <summary>Shares, one of each session in turn.</summary>
    public void Submit(int shares)
    {
        // One name: two workers of a session are not told apart where it has only one.
        var job = _server.Work.Current!;
        var line = Encoding.ASCII.GetBytes(
            $$"""{"id":4711,"method":"mining.submit","params":["account.worker","{{job.Id}}","0000000000000001","{{job.Time:x8}}","00000000"]}"""
            + "\n");
        var nonce = line.AsMemory(line.Length - "00000000\"]}\n".Length, 8);
        for (var i = 0; i < shares; i++)
        {
            Utf8Formatter.TryFormat(++_nonce, nonce.Span, out _, new StandardFormat('x', 8));
            var session = _sessions[i % _sessions.Length];
            session.Receive(line);
            Take(session);
            if (i == 0 && !Encoding.ASCII.GetString(_taken.WrittenSpan).Contains("true", StringComparison.Ordinal))
                throw new InvalidOperationException($"Refused: {Encoding.ASCII.GetString(_taken.WrittenSpan)}");
        }
    }

    public void FillSlots()
    {
        var job = _server.Work.Current!.Renew!((uint)_time.GetUtcNow().ToUnixTimeSeconds());
        var count = _server.BroadcastAsync(job).AsTask().GetAwaiter().GetResult();
        if (count != _sessions.Length)
            throw new InvalidOperationException($"{count} of {_sessions.Length} sessions got the job.");
    }

    public void TakeAll()
    {
        foreach (var session in _sessions)
            Take(session);
    }

    public void Beat() => _time.Ring();

    /// <summary>As if no session had been sent anything for almost too long.</summary>
    public void Silence() => _time.Forward(TimeSpan.FromSeconds(46));

    public int Waiting() => _sessions.Count(session =>
    {
        Take(session);
        return _taken.WrittenCount > 0;
    });

    public async ValueTask DisposeAsync()
    {
        foreach (var session in _sessions)
            session.OnClosed();
        await _server.DisposeAsync();
    }

    private void Take(StratumSession session)
    {
        _taken.ResetWrittenCount();
        var any = false;
        while (session.Outbound.Take(_taken))
            any = true;
        if (any)
            session.OnSent();
    }
}
