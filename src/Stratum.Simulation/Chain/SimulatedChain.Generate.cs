using System.Buffers.Binary;
using Stratum.Mining;

namespace Stratum.Simulation;

/// <summary>Blocks on demand.</summary>
public sealed partial class SimulatedChain
{
    /// <summary>Mines one block on the calling thread. Such blocks leave the difficulty as it is.</summary>
    /// <param name="payTo">The output script that receives subsidy and fees.</param>
    /// <param name="maxTries">Hashes after which to give up; bitcoind's default is a million.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>The new tip, or null when no hash met the target.</returns>
    public SimulatedBlock? GenerateBlock(
        ReadOnlyMemory<byte> payTo, long maxTries = 1_000_000, CancellationToken cancellationToken = default) =>
        Generate(payTo, ref maxTries, proofOfWork: true, cancellationToken);

    internal SimulatedBlock? Generate(
        ReadOnlyMemory<byte> payTo, ref long tries, bool proofOfWork, CancellationToken cancellationToken)
    {
        for (ulong extra = 0; tries > 0; extra++)
        {
            var template = GetTemplate();
            byte[] header = CreateHeader(template, payTo, extra, out byte[] coinbase);
            if (proofOfWork
                && !HeaderSearch.TryFind(Coin, header, template.Bits.ToTarget(), ref tries, cancellationToken))
            {
                continue;
            }

#pragma warning disable STRATUM001 // the coin's own block layout, when it has one
            byte[] block = Coin.BlockSerializer(header, coinbase, template);
#pragma warning restore STRATUM001
            // Its work was done above or is waived; the node signs its own blocks where a signet asks for it.
            var reason = Submit(block, proofOfWork: false, mined: false);
            if (reason is null)
            {
                return FindBlock(IdOf(header));
            }

            // Somebody else was faster, perhaps with the very same block: once more, above the new tip.
            if (reason is not ("inconclusive" or "bad-diffbits" or "duplicate"))
            {
                throw new InvalidOperationException($"The chain refused a block of its own making: {reason}.");
            }
        }

        return null;
    }

    private Hash256 IdOf(byte[] header)
    {
        Span<byte> hash = stackalloc byte[32];
        Coin.BlockId(header, hash);
        return new Hash256(hash);
    }

    private byte[] CreateHeader(BlockTemplate template, ReadOnlyMemory<byte> payTo, ulong extra, out byte[] whole)
    {
#pragma warning disable STRATUM001 // the coin's own coinbase builder, when it has one
        var coinbase = Coin.CoinbaseBuilder(new CoinbaseRequest
        {
            Height = template.Height,
            Aux = template.CoinbaseAux,
            Tag = "/generated/",
            Outputs = [new CoinbaseOutput(template.CoinbaseValue, payTo)],
            WitnessCommitment = template.WitnessCommitment,
        });
#pragma warning restore STRATUM001
        Span<byte> bytes = stackalloc byte[coinbase.ExtranonceSize];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, extra);
        var extranonce = new Extranonce(bytes);
        whole = coinbase.Assemble(extranonce, default, withWitness: coinbase.HasWitness);

        Span<byte> hash = stackalloc byte[32];
        Coin.CoinbaseHash(coinbase.Assemble(extranonce, default, withWitness: false), hash);
        var branch = MerkleBranch.ForCoinbase([.. template.Transactions.Select(t => t.TxId)]);
        byte[] header = new byte[BlockHeader.Size];
        new BlockHeader(template.Version, template.PreviousBlock, MerkleBranch.Root(new Hash256(hash), branch),
            template.CurTime, template.Bits, 0).Write(header);
        return header;
    }
}
