using Microsoft.Extensions.Logging;
using Stratum.Daemon;
using Stratum.Mining;
using Stratum.Server;

namespace Stratum.Pool;

/// <summary>How a <see cref="MiningPool"/> works.</summary>
public sealed record MiningPoolOptions
{
    /// <summary>The coin that is mined.</summary>
    public required Coin Coin { get; init; }

    /// <summary>Its network.</summary>
    public required CoinNetwork Network { get; init; }

    /// <summary>Who gets subsidy and fees, less <see cref="Outputs"/>.</summary>
    public required Address PayTo { get; init; }

    /// <summary>Who else is paid by each block.</summary>
    /// <value>Default nobody.</value>
    public IReadOnlyList<RewardOutput> Outputs { get; init; } = [];

    /// <summary>The daemons: templates come from the best of them, blocks go to all.</summary>
    public required IReadOnlyList<CoinDaemonOptions> Daemons { get; init; }

    /// <summary>How miners reach the pool. The version mask is the coin's.</summary>
    /// <value>Default <see cref="StratumServerOptions.Default"/>: this machine only, port 3333.</value>
    public StratumServerOptions Server { get; init; } = new();

    /// <summary>Text in the coinbase.</summary>
    /// <value>Default <c>/Stratum.NET/</c>.</value>
    public string Tag { get; init; } = "/Stratum.NET/";

    /// <summary>The file that found blocks are written to before anybody hears of them; see <see cref="BlockJournal"/>.</summary>
    /// <value>Default null: none. A block then lives as long as this process, which is good for simulated chains only.</value>
    public string? JournalFile { get; init; }

    /// <summary>How deep a block lies in the best chain when it is safe (1: it is the tip).</summary>
    /// <value>Default 6, the custom of Bitcoin: a killed daemon forgets its newest blocks, and reorganisations are shorter.</value>
    public int Confirmations { get; init; } = 6;

    /// <summary>How long the last work is mined on when no daemon gives new work; after that miners are sent away.</summary>
    /// <value>Default 5 minutes: longer than a daemon's restart, shorter than the patience of whoever pays for the power.</value>
    public TimeSpan MaxWorkAge { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The clock.</summary>
    /// <value>Default the system's.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where logs go.</summary>
    /// <value>Default null: nowhere.</value>
    public ILoggerFactory? LoggerFactory { get; init; }

    internal Func<string, BlockJournalOptions, BlockJournal> OpenJournal { get; init; } = BlockJournal.Open;

    internal void Validate()
    {
        var floor = Difficulty.Floor(Coin.DifficultyScale);
        if (Server.Difficulty < floor)
            throw new ArgumentException(
                $"Difficulty {Server.Difficulty} is below {floor}, where every {Coin.Algorithm} hash is a share already.");
        if (Daemons.Count == 0)
            throw new ArgumentException("A pool needs a daemon.");
        if (Daemons.FirstOrDefault(daemon => daemon.Coin.Name != Coin.Name || daemon.Network.Name != Network.Name) is { } other)
            throw new ArgumentException($"The pool mines {Coin.Name} {Network.Name}, and one of its daemons is {other}.");
        if (Confirmations < 1)
            throw new ArgumentException($"Confirmations is {Confirmations}; a block that is the tip has 1.");
        if (MaxWorkAge <= TimeSpan.Zero)
            throw new ArgumentException("MaxWorkAge must be above zero.");
    }
}
