using System.Buffers.Binary;
using Stratum.Mining;

namespace Stratum.Simulation;

/// <summary>Reads a serialised block (BIP 144). Bytes that are none are a <see cref="FormatException"/>.</summary>
internal static class BlockDecoder
{
    // The smallest input and output: what a count may claim is bounded by the bytes that are there.
    private const int SmallestInput = 41;
    private const int SmallestOutput = 9;
    private const int SmallestTransaction = 10;

    public static DecodedBlock Decode(ReadOnlyMemory<byte> block, Coin coin)
    {
        var reader = new ByteReader(block);
        var header = reader.Take(BlockHeader.Size).Span;
        int count = reader.Count(SmallestTransaction);
        var transactions = new DecodedTransaction[count];
        for (int i = 0; i < count; i++)
        {
            transactions[i] = Transaction(ref reader, i == 0 ? coin.CoinbaseHash : Sha256d.Hash);
        }

        if (!reader.AtEnd)
        {
            throw new FormatException("Bytes follow the last transaction.");
        }

        return new DecodedBlock(block, Hash(coin.BlockId, header), BlockHeader.Read(header), transactions);
    }

    private static DecodedTransaction Transaction(ref ByteReader reader, HashFunction hash)
    {
        int start = reader.Position;
        uint version = reader.UInt32();
        bool segregated = reader.Peek() == 0;
        if (segregated && (reader.Byte() | reader.Byte()) != 1)
        {
            throw new FormatException("A transaction has no inputs, or flags that nobody knows.");
        }

        int coreStart = reader.Position;
        var inputs = new DecodedInput[reader.Count(SmallestInput)];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = new DecodedInput(
                new Hash256(reader.Take(32).Span), reader.UInt32(), reader.Take(reader.Count(1)), reader.UInt32());
        }

        var outputs = new CoinbaseOutput[reader.Count(SmallestOutput)];
        for (int i = 0; i < outputs.Length; i++)
        {
            outputs[i] = new CoinbaseOutput(
                BinaryPrimitives.ReadInt64LittleEndian(reader.Take(8).Span), reader.Take(reader.Count(1)));
        }

        int coreEnd = reader.Position;
        if (segregated)
        {
            ReadWitnesses(ref reader, inputs);
        }

        uint lockTime = reader.UInt32();
        var data = reader.Between(start, reader.Position);
        var core = reader.Between(coreStart, coreEnd).Span;
        ReadOnlyMemory<byte> stripped = segregated
            ? (byte[])[.. data.Span[..4], .. core, .. data.Span[^4..]]
            : data;
        return new DecodedTransaction
        {
            Data = data,
            Stripped = stripped,
            Version = version,
            Inputs = inputs,
            Outputs = outputs,
            LockTime = lockTime,
            TxId = Hash(hash, stripped.Span),
            WitnessHash = Hash(hash, data.Span),
        };
    }

    private static void ReadWitnesses(ref ByteReader reader, DecodedInput[] inputs)
    {
        for (int i = 0; i < inputs.Length; i++)
        {
            var items = new ReadOnlyMemory<byte>[reader.Count(1)];
            for (int j = 0; j < items.Length; j++)
            {
                items[j] = reader.Take(reader.Count(1));
            }

            inputs[i] = inputs[i] with { Witness = items };
        }

        if (inputs.All(input => input.Witness.Count == 0))
        {
            throw new FormatException("A transaction is marked as having a witness and has none.");
        }
    }

    private static Hash256 Hash(HashFunction function, ReadOnlySpan<byte> data)
    {
        Span<byte> hash = stackalloc byte[32];
        function(data, hash);
        return new Hash256(hash);
    }
}
