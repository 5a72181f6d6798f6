using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Stratum.Server;

/// <summary>Healthy: it listens and has work. Degraded: it listens and waits for its first job.</summary>
public sealed class StratumHealthCheck(StratumServer server) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (server.EndPoints.Count == 0)
            return Task.FromResult(HealthCheckResult.Unhealthy("The Stratum server does not listen."));
        if (server.IsSuspended)
            return Task.FromResult(HealthCheckResult.Unhealthy("There is no good work: miners are sent away."));
        var sessions = server.Sessions.Count;
        return Task.FromResult(server.Work.Current is null
            ? HealthCheckResult.Degraded($"{sessions} sessions; there is no job yet.")
            : HealthCheckResult.Healthy($"{sessions} sessions; the newest job is {server.Work.Current.Id}."));
    }
}
