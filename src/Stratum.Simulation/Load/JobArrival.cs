namespace Stratum.Simulation;

/// <summary>When a job came, to the first session and to the last.</summary>
internal sealed class JobArrival(string id, long first, bool isTimed)
{
    public string Id => id;

    public long First { get; } = first;

    public bool IsTimed => isTimed;

    public long Last { get; set; } = first;
}
