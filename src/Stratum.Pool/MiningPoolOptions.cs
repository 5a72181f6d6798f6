using Microsoft.Extensions.Logging;
using Stratum.Daemon;
using Stratum.Mining;
using Stratum.Server;

namespace Stratum.Pool;

/// <summary>How a <see cref="MiningPool"/> works.</summary>
public sealed class MiningPoolOptions
{
    /// <summary>The coin that is mined.</summary>
    public required Coin Coin { get; init; }

    /// <summary>Its network.</summary>
    public required CoinNetwork Network { get; init; }

    /// <summary>Who gets subsidy and fees.</summary>
    public required Address PayTo { get; init; }

    /// <summary>The daemon that gives templates and takes blocks.</summary>
    public required CoinDaemonOptions Daemon { get; init; }

    /// <summary>How miners reach the pool. The version mask is the coin's.</summary>
    /// <value>Default <see cref="StratumServerOptions.Default"/>: this machine only, port 3333.</value>
    public StratumServerOptions Server { get; init; } = new();

    /// <summary>Text in the coinbase.</summary>
    /// <value>Default <c>/Stratum.NET/</c>.</value>
    public string Tag { get; init; } = "/Stratum.NET/";

    /// <summary>Where logs go.</summary>
    /// <value>Default null: nowhere.</value>
    public ILoggerFactory? LoggerFactory { get; init; }
}
