using System.Text;
using System.Text.Json;
using Stratum.Mining;
using Stratum.Protocol;

namespace Stratum.Server;

public partial class StratumServer
{
    private readonly Lock _broadcast = new();
    private readonly Dictionary<WorkSource, EncodedJob> _current = [];
    private int _beating;

    /// <summary>
    /// Publishes a job and puts it into the slot of every session of its source (<see cref="Work"/> unless the job
    /// was published to another). Returns when every slot is set; no session slows another.
    /// </summary>
    /// <returns>How many sessions get it.</returns>
    /// <exception cref="ArgumentException">The job does not fit its source, or was broadcast before.</exception>
    public ValueTask<int> BroadcastAsync(Job job) => BroadcastAsync(job, job?.Source ?? Work);

    /// <inheritdoc cref="BroadcastAsync(Job)"/>
    /// <param name="job">A job that was not broadcast before; one that was not published either is published.</param>
    /// <param name="source">Whose sessions receive it.</param>
    public ValueTask<int> BroadcastAsync(Job job, WorkSource source)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(source);
        var count = 0;
        // Two broadcasts at once would tell sessions of two orders of jobs.
        lock (_broadcast)
        {
            if (job.Source is null)
                source.Publish(job, Now);
            else if (job.Source != source)
                throw new ArgumentException($"Job {job.Id} was published to another work source.", nameof(job));
            else if (_current.TryGetValue(source, out var before) && before.Job.Sequence >= job.Sequence)
                throw new ArgumentException($"Job {job.Id} or a newer one was broadcast before; make a new one with Renew.", nameof(job));
            var encoded = new EncodedJob(job);
            _current[source] = encoded;
            foreach (var (_, session) in _sessions)
            {
                if (session.Work != source)
                    continue;
                session.UpdateMask();
                if (session.SetJob(encoded))
                    count++;
            }
        }
        Log.JobBroadcast(job.Id, job.Height, job.Clean, count);
        Metrics.JobBroadcast();
        Raise(JobBroadcast, new JobBroadcastEvent(job, count));
        return new ValueTask<int>(count);
    }

    /// <summary>Sends a notification to every session.</summary>
    /// <param name="method">The method.</param>
    /// <param name="parameters">Its parameters as a JSON array.</param>
    /// <returns>To how many.</returns>
    public ValueTask<int> BroadcastAsync(string method, string parameters = "[]")
    {
        var (name, json) = CheckNotification(method, parameters);
        var count = 0;
        foreach (var (_, session) in _sessions)
        {
            // Before the authorize answer miners take anything that they do not know for a refused login.
            if (!session.IsAuthorized)
                continue;
            session.Notify(name, json);
            count++;
        }
        return new ValueTask<int>(count);
    }

    /// <summary>A session by its number; null when it is gone.</summary>
    public StratumSession? FindSession(long id) => _sessions.GetValueOrDefault(id);

    internal EncodedJob? CurrentJob(WorkSource source)
    {
        lock (_broadcast)
            return _current.GetValueOrDefault(source);
    }

    internal static (byte[] Method, byte[] Parameters) CheckNotification(string method, string parameters)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(method);
        ArgumentNullException.ThrowIfNull(parameters);
        try
        {
            using var document = JsonDocument.Parse(parameters);
            return (Encoding.UTF8.GetBytes(method), Encoding.UTF8.GetBytes(RequestOutcome.OnOneLine(parameters)));
        }
        catch (JsonException error)
        {
            throw new ArgumentException($"The parameters are not JSON: {error.Message}", nameof(parameters), error);
        }
    }

    // The one timer of the server: what every session must do with time, then one extra job for all that need it.
    private void Beat()
    {
        // A beat that takes longer than a second is not run twice at a time.
        if (Interlocked.Exchange(ref _beating, 1) != 0)
            return;
        try
        {
            var ticks = Ticks;
            Dictionary<WorkSource, List<StratumSession>>? renewals = null;
            foreach (var (_, session) in _sessions)
            {
                var silent = session.Tick(ticks);
                if (!session.TakeUrgency() && !silent)
                    continue;
                renewals ??= [];
                if (!renewals.TryGetValue(session.Work, out var list))
                    renewals[session.Work] = list = [];
                list.Add(session);
            }
            foreach (var (source, sessions) in renewals ?? [])
                Renew(source, sessions);
            Loops?.Tick();
            // Last: what goes wrong with files must not keep the sessions waiting.
            _listeners.Tick();
        }
        catch (Exception failure)
        {
            OnHandlerFailed(null, failure);
        }
        finally
        {
            Volatile.Write(ref _beating, 0);
        }
    }

    private void Renew(WorkSource source, List<StratumSession> sessions)
    {
        try
        {
            if (TryRenew(source, sessions))
                return;
        }
        catch (Exception failure)
        {
            OnHandlerFailed(null, failure);
        }
        // Work that cannot be made anew: anything that is a line keeps the connection.
        foreach (var session in sessions)
            session.Ping();
    }

    private bool TryRenew(WorkSource source, List<StratumSession> sessions)
    {
        while (source.Current is { Renew: { } renew } current)
        {
            // Yours, perhaps: not under the lock.
            var job = renew((uint)Now);
            lock (_broadcast)
            {
                // Other work came meanwhile: this would lead back to the old.
                if (source.Current != current)
                    continue;
                source.Publish(job, Now);
                var encoded = new EncodedJob(job);
                _current[source] = encoded;
                foreach (var session in sessions)
                    session.SetJob(encoded);
            }
            Log.JobRenewed(job.Id, sessions.Count);
            return true;
        }
        return false;
    }
}
