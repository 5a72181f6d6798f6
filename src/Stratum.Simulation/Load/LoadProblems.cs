namespace Stratum.Simulation;

/// <summary>What went wrong, each kind once with how often.</summary>
internal sealed class LoadProblems
{
    // A server that words each end differently does not make a list without end.
    private const int MostKinds = 10;

    private readonly Dictionary<string, int> _counts = [];
    private int _others;

    public IReadOnlyList<string> Texts
    {
        get
        {
            var texts = _counts.Select(one => one.Value == 1 ? $"{one.Key}." : $"{one.Key} ({one.Value} times).").ToList();
            if (_others > 0)
            {
                texts.Add($"{_others} more of other kinds.");
            }

            return texts;
        }
    }

    public void Add(string problem)
    {
        if (_counts.TryGetValue(problem, out int count) || _counts.Count < MostKinds)
        {
            _counts[problem] = count + 1;
        }
        else
        {
            _others++;
        }
    }
}
