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

    // After the zero that stands where a number of inputs would: a witness follows (BIP 144), MWEB data follows.
    private const byte WitnessFlag = 1;
    private const byte HogExFlag = 8;

    public static DecodedBlock Decode(ReadOnlyMemory<byte> block, Coin coin)
    {
        var reader = new ByteReader(block);
        var header = reader.Take(BlockHeader.Size).Span;
        int count = reader.Count(SmallestTransaction);
        int start = reader.Position;
        bool mweb = coin.TemplateRules.Contains("mweb");
        var transactions = new DecodedTransaction[count];
        for (int i = 0; i < count; i++)
        {
            transactions[i] = Transaction(ref reader, i == 0 ? coin.CoinbaseHash : Sha256d.Hash, mweb);
        }

        var decoded = new DecodedBlock(block, Hash(coin.BlockId, header), BlockHeader.Read(header), transactions)
        {
            CoinbaseStart = start,
        };
        if (decoded.HogEx is not null)
        {
            decoded = decoded with { Mweb = Extension(ref reader) };
        }
        else if (mweb && !reader.AtEnd)
        {
            // Nobody looks for an extension block without a HogEx; what follows is not read by litecoind.
            decoded = decoded with { Bytes = reader.Between(0, reader.Position) };
        }
        else if (!reader.AtEnd)
        {
            throw new FormatException("Bytes follow the last transaction.");
        }

        return decoded;
    }

    /// <summary>00 for none, or 01 and all that is left.</summary>
    private static ReadOnlyMemory<byte>? Extension(ref ByteReader reader)
    {
        byte there = reader.Byte();
        var rest = reader.Rest();
        if (there > 1 || (there == 0 ? !rest.IsEmpty : !PretendMweb.IsReadable(rest.Span)))
        {
            throw new FormatException("What follows the HogEx is no extension block.");
        }

        // The cast keeps none apart from empty.
        return there == 0 ? (ReadOnlyMemory<byte>?)null : rest;
    }

    private static DecodedTransaction Transaction(ref ByteReader reader, HashFunction hash, bool mweb)
    {
        int start = reader.Position;
        uint version = reader.UInt32();
        byte flags = 0;
        if (reader.Peek() == 0)
        {
            reader.Byte();
            flags = reader.Byte();
            if (flags != WitnessFlag && !(mweb && flags == HogExFlag))
            {
                throw new FormatException("A transaction has no inputs, or flags that nobody knows.");
            }
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
        if (flags == WitnessFlag)
        {
            ReadWitnesses(ref reader, inputs);
        }
        else if (flags == HogExFlag && (reader.Byte() != 0 || inputs.Length == 0 || outputs.Length == 0))
        {
            throw new FormatException("A transaction carries MWEB data of its own, which none in a block does.");
        }

        uint lockTime = reader.UInt32();
        var data = reader.Between(start, reader.Position);
        var core = reader.Between(coreStart, coreEnd).Span;
        ReadOnlyMemory<byte> stripped = flags != 0
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
            WitnessHash = Hash(hash, flags == HogExFlag ? stripped.Span : data.Span),
            IsHogEx = flags == HogExFlag,
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
