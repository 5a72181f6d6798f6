namespace Stratum.Client;

/// <summary>A notification of the pool that nobody handles.</summary>
/// <param name="Method">Its name.</param>
/// <param name="Parameters">Its parameters as JSON.</param>
public readonly record struct PoolNotification(string Method, string Parameters);
