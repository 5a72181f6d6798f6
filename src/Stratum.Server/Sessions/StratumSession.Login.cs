using System.Buffers;
using Stratum.Mining;
using Stratum.Protocol;

namespace Stratum.Server;

public sealed partial class StratumSession
{
    private uint? _minerMask;

    /// <summary>
    /// Gives the miner another extranonce1 with its next job; only to a miner that asked for it. Others need
    /// <see cref="ReconnectAsync"/>.
    /// </summary>
    /// <returns>False: the miner did not subscribe to extranonce changes, and nothing was done.</returns>
    /// <exception cref="ArgumentException">It has not the size that the coinbases of this session's work are built
    /// for.</exception>
    public bool TrySetExtranonce(Extranonce extranonce1)
    {
        if (extranonce1.Length != Work.Extranonce1Size)
            throw new ArgumentException(WrongExtranonce(extranonce1), nameof(extranonce1));
        if (!WantsExtranonce || Subscription is null)
            return false;
        Outbound.SetExtranonce(extranonce1, Work.Extranonce2Size);
        return true;
    }

    private void HandleSubscribe(ReadOnlySpan<byte> id, ReadOnlySpan<byte> parameters)
    {
        if (!SubscribeRequest.TryRead(parameters, out var request, out var error))
        {
            Refuse(id, 20, error ?? "mining.subscribe could not be read");
            return;
        }
        if (Subscription is not null)
        {
            AnswerSubscribe(id);
            return;
        }
        UserAgent = Cut(request.UserAgent);
        Run(_server.SubscribeAsync(this, request), id, 0, static (session, id, _, subscription) =>
        {
            if (subscription.Extranonce1.Length != session.Work.Extranonce1Size)
                throw new InvalidOperationException(session.WrongExtranonce(subscription.Extranonce1));
            session.Subscription = subscription;
            session.MarkActive();
            session.AnswerSubscribe(id);
            if (session._workers.Length > 0)
                session.OpenWork();
        });
    }

    // With another size the coinbase would be another, and a block found with it worth nothing.
    private string WrongExtranonce(in Extranonce extranonce1) =>
        $"An extranonce1 of {extranonce1.Length} bytes for work that has {Work.Extranonce1Size}: "
        + $"set {nameof(WorkSourceOptions)}.{nameof(WorkSourceOptions.Extranonce1Size)}.";

    private void AnswerSubscribe(ReadOnlySpan<byte> id)
    {
        if (id.IsEmpty || Subscription is not { } subscription)
            return;
        var name = subscription.Id;
        var answer = new SubscribeResult
        {
            Subscriptions = [("mining.set_difficulty", name), ("mining.notify", name)],
            Extranonce1 = subscription.Extranonce1,
            Extranonce2Size = Work.Extranonce2Size,
        };
        Outbound.Answer(id, answer, static (answer, writer, id) => answer.Write(writer, id));
    }

    private void HandleAuthorize(ReadOnlySpan<byte> id, ReadOnlySpan<byte> parameters)
    {
        if (!AuthorizeRequest.TryRead(parameters, out var request, out var error))
        {
            Refuse(id, 20, error ?? "mining.authorize could not be read");
            return;
        }
        var limits = _server.Options.Limits;
        if (request.Worker.Length > limits.MaxNameLength)
        {
            Refuse(id, 24, $"The worker name is longer than {limits.MaxNameLength} characters");
            return;
        }
        var worker = new WorkerName(request.Worker);
        if (_workers.Length >= limits.MaxWorkersPerSession && !_workers.Contains(worker))
        {
            Refuse(id, 24, $"More than {limits.MaxWorkersPerSession} workers on one connection");
            return;
        }
        Run(_server.AuthorizeAsync(this, request), id, worker, static (session, id, worker, authorized) =>
        {
            if (authorized)
                session.Admit(id, worker);
            else
                session.Refuse(id, 24, "Unauthorized worker");
        });
    }

    private void Admit(ReadOnlySpan<byte> id, WorkerName worker)
    {
        if (!_workers.Contains(worker))
            _workers = [.. _workers, worker];
        MarkActive();
        Answer(id, true);
        if (Subscription is not null)
            OpenWork();
        _server.OnWorkerAuthorized(this, worker);
    }

    /// <summary>The source's mask changed: the miner is told before its next job.</summary>
    internal void UpdateMask()
    {
        if (_minerMask is not null)
            Outbound.SetMask(VersionMask, answered: false);
    }

    private void OpenWork()
    {
        if (Outbound.IsOpen)
            return;
        Outbound.Open(Subscription!, this, static session => session._server.CurrentJob(session.Work));
    }

    private void HandleConfigure(ReadOnlySpan<byte> id, ReadOnlySpan<byte> parameters)
    {
        if (!ConfigureRequest.TryRead(parameters, out var request, out var error))
        {
            Refuse(id, 20, error ?? "mining.configure could not be read");
            return;
        }
        Run(_server.ConfigureAsync(this, request), id, 0, static (session, id, _, result) =>
        {
            if (result.VersionRollingMask is { } mask)
            {
                session._minerMask = mask;
                session.Outbound.SetMask(mask, answered: true);
                // The source's mask may have changed between the decision and now.
                session.UpdateMask();
            }
            if (id.IsEmpty)
                return;
            session.Outbound.Answer(id, result, static (result, writer, id) => result.Write(writer, id));
        });
    }

    /// <summary>The server's own answer to configure: BIP 310's extensions, false for all others.</summary>
    internal ConfigureResult Configure(ConfigureRequest request)
    {
        var answers = new List<ConfigureAnswer>();
        uint? mask = null;
        foreach (var extension in request.Extensions)
        {
            var granted = extension switch
            {
                ConfigureRequest.VersionRolling => (mask = GrantMask(request)) is not null,
                ConfigureRequest.MinimumDifficultyExtension => GrantMinimum(request.MinimumDifficulty),
                ConfigureRequest.SubscribeExtranonce => WantsExtranonce = true,
                ConfigureRequest.Info => true,
                _ => false,
            };
            answers.Add(new ConfigureAnswer(extension, granted));
        }
        return new ConfigureResult { Answers = answers, VersionRollingMask = mask };
    }

    private uint? GrantMask(ConfigureRequest request)
    {
        var mask = (request.VersionRollingMask ?? uint.MaxValue) & Work.VersionMask;
        // The bit count is a wish: fewer bits still help. No bit at all is a no.
        return mask == 0 ? null : mask;
    }

    private bool GrantMinimum(Difficulty? minimum)
    {
        if (minimum is not { } value)
            return false;
        MinerMinimum = value;
        if (Outbound.Difficulty < value)
            ChangeDifficulty(Clamp(value), urgent: true);
        return true;
    }

    private void HandleExtranonceSubscribe(ReadOnlySpan<byte> id)
    {
        WantsExtranonce = true;
        Answer(id, true);
    }

    private string? Cut(string? text) =>
        text?.Length > _server.Options.Limits.MaxNameLength ? text[.._server.Options.Limits.MaxNameLength] : text;
}
