using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Stratum.Pool;

/// <summary>Hosts a pool in an ASP.NET Core or worker application.</summary>
public static class MiningPoolServiceCollectionExtensions
{
    /// <summary>
    /// Adds a <see cref="MiningPool"/> that runs with the application, with its loggers and a health check named
    /// <c>stratum-pool</c>. The application's start does not wait for a daemon's first work: until then the check says
    /// what is waited for. A pool that cannot start ends the application. Follow its events before the application runs.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="section">
    /// A section with the names of the options: <c>Coin</c> (default bitcoin), <c>Network</c> (default mainnet),
    /// <c>PayTo</c>, <c>Outputs:0</c> (<c>ADDRESS=2%</c>), <c>Tag</c>, <c>JournalFile</c>, <c>Confirmations</c>,
    /// <c>MaxWorkAge</c>; <c>Daemons:0:Url</c> (default the usual port of this machine), <c>Daemons:0:CookieFile</c> and
    /// whatever else a daemon's options have; <c>Server:Port</c> and whatever else the server's have. Times as
    /// <c>00:00:30</c>. A value that cannot be read fails the start and is named.
    /// </param>
    /// <param name="change">Changes the options after the section was read.</param>
    public static IServiceCollection AddMiningPool(this IServiceCollection services, IConfiguration section,
        Func<MiningPoolOptions, MiningPoolOptions>? change = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(section);
        services.TryAddSingleton(provider =>
        {
            var options = PoolOptionsReader.Read(section);
            options = change?.Invoke(options) ?? options;
            return new MiningPool(options with { LoggerFactory = options.LoggerFactory ?? provider.GetService<ILoggerFactory>() });
        });
        services.AddHostedService<HostedPool>();
        services.AddHealthChecks().AddCheck<MiningPoolHealthCheck>("stratum-pool");
        return services;
    }

    private sealed class HostedPool(MiningPool pool) : BackgroundService
    {
        public override async Task StopAsync(CancellationToken cancellationToken)
        {
            await base.StopAsync(cancellationToken).ConfigureAwait(false);
            await pool.DisposeAsync().ConfigureAwait(false);
        }

        protected override Task ExecuteAsync(CancellationToken stoppingToken) => pool.StartAsync(stoppingToken);
    }
}
