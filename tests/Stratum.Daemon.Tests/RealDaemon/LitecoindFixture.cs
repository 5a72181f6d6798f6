using Stratum.Testing;

namespace Stratum.Daemon.Tests;

/// <summary>One pair of litecoinds for all tests that only add blocks.</summary>
public sealed class LitecoindFixture : IAsyncLifetime
{
    public Litecoind Litecoind { get; private set; } = null!;

    public async ValueTask InitializeAsync() =>
        Litecoind = await Litecoind.StartAsync(cancellationToken: TestContext.Current.CancellationToken);

    // Null when the start itself failed.
    public ValueTask DisposeAsync() => Litecoind?.DisposeAsync() ?? default;
}
