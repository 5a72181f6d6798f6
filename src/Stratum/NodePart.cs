namespace Stratum;

/// <summary>Something that a <see cref="StratumNode"/> starts and stops in its turn: a pool, a web page, a database.
/// </summary>
/// <param name="name">What it is called when it fails: "the pool".</param>
/// <param name="startAsync">Completes when what follows may start. The token ends the wait.</param>
/// <param name="stopAsync">Ends it; called once, and only after a start that succeeded.</param>
public sealed class NodePart(string name, Func<CancellationToken, Task> startAsync, Func<Task> stopAsync)
{
    /// <summary>What it is called.</summary>
    public string Name { get; } = name;

    internal Task StartAsync(CancellationToken cancellationToken) => startAsync(cancellationToken);

    internal Task StopAsync() => stopAsync();
}
