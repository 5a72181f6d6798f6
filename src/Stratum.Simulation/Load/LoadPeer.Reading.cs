using System.Buffers;
using Stratum.Client;
using Stratum.Protocol;

namespace Stratum.Simulation;

internal sealed partial class LoadPeer
{
    private void Read(ReadOnlySpan<byte> line, long now, IBufferWriter<byte> output)
    {
        if (course.Answers.TryRecognise(line, out int id, out AnswerKind kind))
        {
            Answered(id, kind, now);
        }
        else if (course.Jobs.TryRecognise(line, out Notify? notify, out JobArrival? arrival))
        {
            Notified(notify!, arrival!, now);
        }
        else if (!Message.TryParse(line, out Message message, out string? error))
        {
            Break($"sent what is no message: {error}: {LogLine.Of(line)}");
        }
        else if (message.IsRequest)
        {
            ReadRequest(line, message, now, output);
        }
        else if (State is LoadState.Subscribing or LoadState.Authorizing)
        {
            ReadLogin(message, output);
        }
        else if (course.Answers.TryRead(line, message, out id, out kind))
        {
            Answered(id, kind, now);
        }
        else
        {
            Break($"answered what was not asked: {LogLine.Of(line)}");
        }
    }

    private void Answered(int id, AnswerKind kind, long now)
    {
        if (_waiting.TryTake(id, out long since))
        {
            course.Tally.Answered(kind, since, now);
        }
        else
        {
            Break($"answered the request {id}, which does not wait for an answer");
        }
    }

    private void ReadLogin(scoped in Message message, IBufferWriter<byte> output)
    {
        int expected = State == LoadState.Subscribing ? LoadCourse.SubscribeId : LoadCourse.AuthorizeId;
        if (!message.Id.Trim((byte)'"').SequenceEqual(expected == LoadCourse.SubscribeId ? "1"u8 : "2"u8))
        {
            Break($"answered another request than the one with id {expected}");
        }
        else if (State == LoadState.Subscribing)
        {
            if (Answers.Subscribe(_work)(message, out _) is { } wrong)
            {
                Break($"refused mining.subscribe: {wrong.Message}");
                return;
            }

            State = LoadState.Authorizing;
            output.Write(course.Authorize);
        }
        else if (Answers.Authorize(course.Options.User)(message, out _) is { } wrong)
        {
            Break($"refused mining.authorize: {wrong.Message}");
        }
        else
        {
            State = course.Options.Submits && !_line.IsReady ? LoadState.WaitingForJob : LoadState.Ready;
        }
    }

    private void ReadRequest(ReadOnlySpan<byte> line, scoped in Message message, long now, IBufferWriter<byte> output)
    {
        string? error = null;
        switch (Methods.Find(message.Method))
        {
            case MethodKind.Notify:
                error = course.Jobs.Read(line, message, course.Sessions, course.TimesJobs, now, out Notify? notify, out JobArrival? arrival);
                if (error is null)
                {
                    Notified(notify!, arrival!, now);
                }

                break;
            case MethodKind.SetDifficulty:
                if (SetDifficulty.TryRead(message.Params, out SetDifficulty difficulty, out error))
                {
                    _work.SetDifficulty(difficulty.Difficulty);
                }

                break;
            case MethodKind.SetExtranonce:
                if (SetExtranonce.TryRead(message.Params, out SetExtranonce extranonce, out error))
                {
                    _work.SetExtranonce(extranonce.Extranonce1, extranonce.Extranonce2Size);
                }

                break;
            case MethodKind.Ping when message.WantsAnswer:
                Ping.WriteAnswer(output, message.Id);
                break;
            case MethodKind.GetVersion when message.WantsAnswer:
                GetVersion.WriteAnswer(output, message.Id, LoadCourse.UserAgent);
                break;
            default:
                if (message.WantsAnswer)
                {
                    MessageWriter.WriteError(output, message.Id, RemoteError.UnknownCode, "Not supported");
                }

                break;
        }

        if (error is not null)
        {
            Break($"sent what cannot be used: {error}: {LogLine.Of(line)}");
        }
    }

    private void Notified(Notify notify, JobArrival arrival, long now)
    {
        if (_arrival != arrival)
        {
            _arrival = arrival;
            arrival.ReceivedBySession(now);
            course.Tally.GotJob();
        }

        if (!course.Options.Submits || _work.Notified(notify) is not { } job)
        {
            return;
        }

        if (course.Solver?.Begin(job, out _search) is { } tooHard)
        {
            Break(tooHard);
            return;
        }

        // Sessions with the same extranonce1, should a server have them, still do not hand in each other's shares.
        uint nonce = ((uint)Number << 16) + (uint)(_waiting.NextId & 0xffff);
        _line.SetJob(job, course.User, _waiting.NextId, nonce, course.Scratch);
        if (State == LoadState.WaitingForJob)
        {
            State = LoadState.Ready;
        }
    }
}
