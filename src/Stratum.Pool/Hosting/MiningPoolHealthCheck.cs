using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Stratum.Pool;

/// <summary>Healthy: miners have work of a daemon. Degraded: no daemon gives work, and the last is mined on. Unhealthy: there
/// is none, and miners are not let in; the text says what is waited for.</summary>
public sealed class MiningPoolHealthCheck(MiningPool pool) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var server = pool.Server;
        var daemons = string.Join(' ', pool.Daemons.Select(daemon => daemon.Status.Text));
        if (server.IsSuspended)
            return Task.FromResult(HealthCheckResult.Unhealthy($"The work is too old: miners are sent away. {daemons}"));
        if (server.EndPoints.Count == 0)
            return Task.FromResult(HealthCheckResult.Unhealthy($"There is no work yet: nothing listens for miners. {daemons}"));
        return Task.FromResult(pool.Daemons.Any(daemon => daemon.Status.GivesWork)
            ? HealthCheckResult.Healthy($"{server.Sessions.Count} sessions. {daemons}")
            : HealthCheckResult.Degraded($"The last work is mined on. {daemons}"));
    }
}
