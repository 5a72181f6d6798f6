namespace Stratum.Mining;

/// <summary>
/// One stream of work to one miner: a V1 session has one. It knows its extranonce1 and with which target it was
/// sent which jobs; the jobs themselves are the source's. One thread records, any thread judges.
/// </summary>
public sealed class Subscription
{
    // A session's difficulty changes a few times a minute; jobs live ten minutes.
    private const int MaxTerms = 64;
    private volatile Terms[] _terms = [];

    // Null while it is the extranonce1: that is a session's in general, and one text less for each.
    private string? _id;

    /// <summary>A subscription with an extranonce1, leased from its source or chosen by you.</summary>
    /// <param name="extranonce1">The session's part of the coinbase.</param>
    /// <param name="id">What <c>mining.subscribe</c> answers as subscription id; null: the extranonce1 in hex.</param>
    public Subscription(Extranonce extranonce1, string? id = null)
    {
        Extranonce1 = extranonce1;
        _id = id;
    }

    /// <summary>Names the subscription, and with it the session, to the miner.</summary>
    public string Id => _id ?? Extranonce1.ToString();

    /// <summary>The part of the coinbase that is this subscription's alone.</summary>
    public Extranonce Extranonce1 { get; private set; }

    /// <summary>The difficulty that was sent last; null before the first job.</summary>
    public Difficulty? Difficulty => _terms is [.., var last] ? last.Difficulty : null;

    /// <summary>
    /// Records that a job's first byte goes out now, and under which terms. From here on its shares are judged by them.
    /// </summary>
    public void RecordSent(Job job, Difficulty difficulty)
    {
        ArgumentNullException.ThrowIfNull(job);
        var terms = _terms;
        if (terms is [.., var last] && last.Difficulty == difficulty && last.Extranonce1 == Extranonce1)
            return;
        var keep = terms.AsSpan(Math.Max(0, terms.Length - MaxTerms + 1));
        _terms = [.. keep, new Terms(job.Sequence, difficulty, job.ShareTarget(difficulty), Extranonce1)];
    }

    /// <summary>Takes another extranonce1 for the jobs that are sent from now on.</summary>
    public void ChangeExtranonce1(in Extranonce extranonce1)
    {
        _id = Id;
        Extranonce1 = extranonce1;
    }

    /// <summary>The terms under which a job was sent; false when it was not.</summary>
    internal bool TryGetTerms(Job job, out Terms sent, out Terms newest)
    {
        var terms = _terms;
        newest = terms is [.., var last] ? last : default;
        for (var i = terms.Length - 1; i >= 0; i--)
        {
            if (terms[i].FromJob > job.Sequence)
                continue;
            sent = terms[i];
            return true;
        }
        sent = default;
        return false;
    }

    /// <summary>What holds for the jobs from one on, until the next entry.</summary>
    /// <param name="FromJob">Sequence of the first job.</param>
    /// <param name="Difficulty">As it went over the wire.</param>
    /// <param name="Target">Its target with the tolerance for shares.</param>
    /// <param name="Extranonce1">The extranonce1 that the miner had.</param>
    internal readonly record struct Terms(long FromJob, Difficulty Difficulty, Target Target, Extranonce Extranonce1);
}
