using System.Buffers.Binary;
using Stratum.Mining;

namespace Stratum.Simulation;

/// <summary>Makes the same transactions from the same seed: every third without a witness.</summary>
internal sealed class PretendTransactionFactory(ulong seed, bool witness)
{
    // Base bytes count four times in a block's weight, witness bytes once (BIP 141).
    private const int WitnessScale = 4;

    private ulong _drawn;
    private long _made;

    /// <param name="lockTime">The transaction's lock time; wallets write the tip's height.</param>
    /// <param name="parent">Spends this one's first output, or null for a coin from outside.</param>
    public PretendTransaction Create(uint lockTime, PretendTransaction? parent) =>
        parent is null ? Spend(Draw(), Draw().ToArray()[0] % 4u, lockTime) : Spend(parent.Template.TxId, 0, lockTime);

    /// <summary>Another transaction that spends the same coin, as wallets do to raise a fee (BIP 125).</summary>
    public PretendTransaction Replace(PretendTransaction other, uint lockTime) =>
        Spend(other.SpentTransaction, other.SpentOutput, lockTime);

    private PretendTransaction Spend(Hash256 coin, uint output, uint lockTime)
    {
        bool segregated = witness && _made++ % 3 != 0;
        byte[] signature = Signature();
        byte[] key = [2, .. Draw().ToArray()];
        var core = new ByteWriter();
        core.Bytes([1]);
        core.Bytes(coin.ToArray());
        core.UInt32(output);
        core.Bytes(segregated ? [0] : [(byte)(signature.Length + key.Length + 2),
            (byte)signature.Length, .. signature, (byte)key.Length, .. key]);
        core.UInt32(0xfffffffd);
        int signatureOperations = WriteOutputs(core) + (segregated ? 1 : 0);

        byte[] stripped = Frame([], core.Written, [], lockTime);
        byte[] data = !segregated ? stripped : Frame([0, 1], core.Written,
            [2, (byte)signature.Length, .. signature, (byte)key.Length, .. key], lockTime);
        int weight = stripped.Length * (WitnessScale - 1) + data.Length;
        return new PretendTransaction(new TemplateTransaction
        {
            Data = data,
            TxId = Sha256d.Hash(stripped),
            WitnessHash = Sha256d.Hash(data),
            Fee = weight * (2L + Draw().ToArray()[0] % 8) / WitnessScale,
            Weight = weight,
            Sigops = signatureOperations,
        }, coin, output);
    }

    /// <summary>One output to a witness key hash, one to a key hash; returns their signature operations.</summary>
    private int WriteOutputs(ByteWriter core)
    {
        core.Bytes([2]);
        core.Int64(100_000 + Draw().ToArray()[1] * 100_000L);
        core.Bytes(witness ? [22, 0, 20] : [25, 0x76, 0xa9, 20]);
        core.Bytes(Draw().ToArray().AsSpan(0, 20));
        core.Bytes(witness ? [] : [0x88, 0xac]);
        core.Int64(100_000 + Draw().ToArray()[1] * 100_000L);
        core.Bytes([25, 0x76, 0xa9, 20]);
        core.Bytes(Draw().ToArray().AsSpan(0, 20));
        core.Bytes([0x88, 0xac]);
        return (witness ? 1 : 2) * WitnessScale;
    }

    /// <summary>The shape of a signature (DER, low values, SIGHASH_ALL), 71 bytes.</summary>
    private byte[] Signature() =>
    [
        0x30, 0x44, 2, 32, .. Positive(Draw()), 2, 32, .. Positive(Draw()), 1,
    ];

    private static byte[] Positive(Hash256 number)
    {
        byte[] bytes = number.ToArray();
        bytes[0] = (byte)(bytes[0] & 0x7f | 1);
        return bytes;
    }

    private Hash256 Draw()
    {
        Span<byte> source = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(source, seed);
        BinaryPrimitives.WriteUInt64LittleEndian(source[8..], _drawn++);
        return Sha256d.Hash(source);
    }

    private static byte[] Frame(
        ReadOnlySpan<byte> marker, ReadOnlySpan<byte> core, ReadOnlySpan<byte> witness, uint lockTime)
    {
        var frame = new ByteWriter();
        frame.UInt32(2);
        frame.Bytes(marker);
        frame.Bytes(core);
        frame.Bytes(witness);
        frame.UInt32(lockTime);
        return frame.Written.ToArray();
    }
}
