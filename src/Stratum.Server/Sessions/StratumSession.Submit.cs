using System.Text;
using Stratum.Mining;
using Stratum.Protocol;

namespace Stratum.Server;

public sealed partial class StratumSession
{
    // The last names that are nobody's and nothing's: a peer that repeats them costs no allocation.
    private WorkerName _strangerName;
    private JobId _strangerJob;

    private void HandleSubmit(ReadOnlySpan<byte> id, ReadOnlySpan<byte> parameters)
    {
        var started = _server.Metrics.ShareStarted();
        var told = JudgeAsync(parameters, out var submit);
        Run(told.IsCompleted ? _server.JudgeAsync(this, submit) : JudgeAfterAsync(told, submit), id, (Submit: submit, Started: started),
            static (session, id, state, result) => session.AnswerSubmit(id, state.Submit, result, state.Started));
    }

    // A block is in safety before anyone hears of it: the miner too.
    private async ValueTask<ShareResult> JudgeAfterAsync(Task told, Submit submit)
    {
        await told.ConfigureAwait(false);
        return await _server.JudgeAsync(this, submit).ConfigureAwait(false);
    }

    // A filter that answers submits itself decides what a share is worth, but no filter loses a block.
    private void LookForBlock(ReadOnlySpan<byte> parameters) => _ = JudgeAsync(parameters, out _);

    // Judged at once; the task ends when a block that it is has been told.
    private Task JudgeAsync(ReadOnlySpan<byte> parameters, out Submit submit)
    {
        var readable = SubmitRequest.TryRead(parameters, out var request, out _);
        var authorized = TryGetWorker(request.Worker, out var worker);
        var share = new Share
        {
            Subscription = Subscription,
            Readable = readable,
            JobId = request.JobId,
            Extranonce2 = request.Extranonce2,
            Time = request.Time,
            Nonce = request.Nonce,
            VersionBits = request.VersionBits,
            VersionMask = VersionMask,
            Authorized = authorized,
            Tip = Work.Tip,
            Now = _server.Now,
        };
        ShareValidator.Judge(Work, share, out var judgement);
        // A notify that your code wrote itself: only your code knows its jobs.
        if (judgement.Verdict == ShareVerdict.JobNotFound && SentRawWork && authorized)
            judgement.Verdict = ShareVerdict.Unjudged;
        if (judgement.Job is not null || judgement.Verdict == ShareVerdict.Unjudged)
            MarkActive();
        var told = judgement.IsBlock
            ? _server.OnBlockAsync(new BlockCandidate(this, worker, share.Extranonce2, ref judgement)) : Task.CompletedTask;

        submit = new Submit(worker, JobIdOf(judgement.Job, request.JobId), judgement.Job, share.Extranonce2,
            share.Time, share.Nonce, share.VersionBits, judgement.Verdict, judgement.Credit,
            judgement.ShareDifficulty, judgement.BlockId, judgement.IsBlock);
        return told;
    }

    private void AnswerSubmit(ReadOnlySpan<byte> id, in Submit submit, in ShareResult result, long started)
    {
        if (result.IsAccepted)
        {
            Accepted++;
            Answer(id, true);
        }
        else
        {
            Rejected++;
            var (code, text) = ShareErrors.Of(result.Verdict);
            Refuse(id, result.Code ?? code, result.Text ?? text,
                result.RawData is { } data ? Encoding.UTF8.GetBytes(data) : default);
        }
        _server.OnShare(new ShareEvent(this, submit, result), started);
        if (result.IsAccepted)
            CountShare();
    }

    // A name that was not let in is credited to the one worker of the session, if there is just one: firmware and
    // proxies send names of their own.
    private bool TryGetWorker(ReadOnlySpan<byte> name, out WorkerName worker)
    {
        var workers = _workers;
        foreach (var known in workers)
        {
            if (!EqualsUtf8(name, known.Value))
                continue;
            worker = known;
            return true;
        }
        if (workers.Length == 1)
        {
            worker = workers[0];
            return true;
        }
        if (_strangerName.Value is null || !EqualsUtf8(name, _strangerName.Value))
            _strangerName = new WorkerName(Encoding.UTF8.GetString(name));
        worker = _strangerName;
        return false;
    }

    private static bool EqualsUtf8(ReadOnlySpan<byte> utf8, string text)
    {
        if (Ascii.IsValid(text))
            return Ascii.Equals(utf8, text);
        return Encoding.UTF8.GetByteCount(text) == utf8.Length && Encoding.UTF8.GetString(utf8) == text;
    }

    private JobId JobIdOf(Job? job, ReadOnlySpan<byte> sent)
    {
        if (job is not null)
            return job.Id;
        if (_strangerJob.Value is null || !EqualsUtf8(sent, _strangerJob.Value))
            _strangerJob = new JobId(Encoding.UTF8.GetString(sent));
        return _strangerJob;
    }
}
