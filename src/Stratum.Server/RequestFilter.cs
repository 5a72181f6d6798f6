namespace Stratum.Server;

/// <summary>Sees a request before its method's handler.</summary>
/// <param name="session">Where it came from.</param>
/// <param name="request">Lives on the stack: copy what you keep.</param>
/// <returns>Pass, an answer, or a rejection.</returns>
public delegate RequestOutcome RequestFilter(StratumSession session, scoped StratumRequest request);
