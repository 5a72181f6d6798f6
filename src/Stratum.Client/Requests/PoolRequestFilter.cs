namespace Stratum.Client;

/// <summary>Sees what the pool asks or tells before anything else does.</summary>
/// <param name="request">Lives on the stack: copy what you keep.</param>
/// <returns>Pass, an answer, or a rejection.</returns>
public delegate PoolRequestOutcome PoolRequestFilter(scoped PoolRequest request);
