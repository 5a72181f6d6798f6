namespace Stratum.Simulation;

/// <summary>
/// The shares of one session that wait for their answer, which may come in any order: for each the moment from which
/// its latency counts. A mutable struct: keep it in a field.
/// </summary>
internal struct Waiting
{
    /// <summary>So many places between the oldest that waits and the newest; a server that is so far behind is
    /// not going to answer.</summary>
    public const int Most = 16 * 1024;

    private const int Ids = SubmitLine.LastId - SubmitLine.FirstId + 1;

    private long[]? _since;
    private long _oldest;
    private long _next;

    /// <summary>Begins later than with the first, for tests: it takes an hour to get there.</summary>
    internal Waiting(long before)
    {
        _oldest = _next = before;
    }

    /// <summary>How many wait.</summary>
    public int Count { get; private set; }

    /// <summary>Whether no more can wait.</summary>
    public readonly bool IsFull => _next - _oldest >= Most;

    /// <summary>The id of the next share.</summary>
    public readonly int NextId => SubmitLine.FirstId + (int)(_next % Ids);

    /// <summary>A share with <see cref="NextId"/> goes out; not when <see cref="IsFull"/>.</summary>
    /// <param name="since">A timestamp, not 0.</param>
    public void Add(long since)
    {
        _since ??= new long[8];
        if (_next - _oldest == _since.Length)
        {
            Grow();
        }

        _since[_next & (_since.Length - 1)] = since;
        _next++;
        Count++;
    }

    /// <summary>An answer came.</summary>
    /// <param name="id">Whose.</param>
    /// <param name="since">What was given to <see cref="Add"/>.</param>
    /// <returns>False when no share with this id waits.</returns>
    public bool TryTake(int id, out long since)
    {
        since = 0;
        if (id is < SubmitLine.FirstId or > SubmitLine.LastId || _since is null)
        {
            return false;
        }

        int ahead = (int)((id - SubmitLine.FirstId - (_oldest % Ids) + Ids) % Ids);
        if (ahead >= _next - _oldest)
        {
            return false;
        }

        ref long place = ref _since[(_oldest + ahead) & (_since.Length - 1)];
        since = place;
        if (since == 0)
        {
            return false;
        }

        place = 0;
        Count--;
        while (_oldest < _next && _since[_oldest & (_since.Length - 1)] == 0)
        {
            _oldest++;
        }

        return true;
    }

    private void Grow()
    {
        long[] bigger = new long[2 * _since!.Length];
        for (long i = _oldest; i < _next; i++)
        {
            bigger[i & (bigger.Length - 1)] = _since[i & (_since.Length - 1)];
        }

        _since = bigger;
    }
}
