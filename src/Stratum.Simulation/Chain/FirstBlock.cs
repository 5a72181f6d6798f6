using Stratum.Mining;

namespace Stratum.Simulation;

/// <summary>The block that a simulated chain stands on. Nobody searched for it: its hash meets nothing.</summary>
internal static class FirstBlock
{
    public static SimulatedBlock Create(SimulatedChainOptions options, CoinNetwork network, CompactTarget bits)
    {
        long height = options.StartHeight - 1;
        var coinbase = CoinbaseBuilder.Build(new CoinbaseRequest
        {
            Height = height,
            Tag = $"stratum simulation {options.Seed}",
            Outputs = [new CoinbaseOutput(options.Subsidy, new byte[] { 0x6a })],
        });
        var empty = new Extranonce(new byte[coinbase.ExtranonceSize]);
        byte[] transaction = coinbase.Assemble(empty, default, withWitness: false);
        var hash = new byte[32];
        options.Coin.CoinbaseHash(transaction, hash);
        var now = options.TimeProvider.GetUtcNow();
        uint time = (uint)(now - options.FirstBlockAge).ToUnixTimeSeconds();
        var header = new BlockHeader(1, Hash256.Zero, new Hash256(hash), time, bits, (uint)options.Seed);
        var bytes = new byte[BlockHeader.Size + 1 + transaction.Length];
        header.Write(bytes);
        bytes[BlockHeader.Size] = 1;
        transaction.CopyTo(bytes, BlockHeader.Size + 1);
        options.Coin.BlockId(bytes.AsSpan(0, BlockHeader.Size), hash);
        return new SimulatedBlock
        {
            // Whoever asks for block 0 wants to know which coin and network this is.
            Hash = height == 0 && network.GenesisHash is { } genesis ? genesis : new Hash256(hash),
            Height = height,
            Header = header,
            Bytes = bytes,
            TransactionCount = 1,
            Reward = options.Subsidy,
            ReceivedAt = now,
        };
    }
}
