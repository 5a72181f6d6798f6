using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Stratum.Server;

/// <summary>Hosts a server in an ASP.NET Core or worker application.</summary>
public static class StratumServiceCollectionExtensions
{
    /// <summary>
    /// Adds a <see cref="StratumServer"/> that starts and stops with the application, with its loggers, its meters and
    /// a health check named <c>stratum</c>. Register handlers on the instance before the application runs.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets the options.</param>
    public static IServiceCollection AddStratumServer(
        this IServiceCollection services, Action<StratumServerOptions>? configure = null) =>
        services.AddStratumServer(options => new StratumServer(options), configure);

    /// <inheritdoc cref="AddStratumServer(IServiceCollection, Action{StratumServerOptions}?)"/>
    /// <param name="services">The application's services.</param>
    /// <param name="section">
    /// What <see cref="StratumServerOptions.Read"/> reads. A value that cannot be read fails the start and is named.
    /// </param>
    /// <param name="configure">Sets the options, after the section.</param>
    public static IServiceCollection AddStratumServer(
        this IServiceCollection services, IConfiguration section, Action<StratumServerOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(section);
        services.Configure<StratumServerOptions>(options => options.Read(section));
        return services.AddStratumServer(configure);
    }

    /// <inheritdoc cref="AddStratumServer(IServiceCollection, Action{StratumServerOptions}?)"/>
    /// <param name="services">The application's services.</param>
    /// <param name="create">Makes a server of your own class.</param>
    /// <param name="configure">Sets the options.</param>
    public static IServiceCollection AddStratumServer<TServer>(this IServiceCollection services,
        Func<StratumServerOptions, TServer> create, Action<StratumServerOptions>? configure = null)
        where TServer : StratumServer
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(create);
        if (configure is not null)
            services.Configure(configure);
        services.TryAddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<StratumServerOptions>>().Value;
            options.LoggerFactory ??= provider.GetService<ILoggerFactory>();
            options.MeterFactory ??= provider.GetService<IMeterFactory>();
            return create(options);
        });
        if (typeof(TServer) != typeof(StratumServer))
            services.TryAddSingleton<StratumServer>(provider => provider.GetRequiredService<TServer>());
        services.AddHostedService<StratumHostedService>();
        services.AddHealthChecks().AddCheck<StratumHealthCheck>("stratum");
        return services;
    }

    private sealed class StratumHostedService(StratumServer server) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => server.StartAsync(cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => server.StopAsync(cancellationToken);
    }
}
