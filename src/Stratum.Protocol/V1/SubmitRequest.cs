using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Stratum.Mining;

namespace Stratum.Protocol;

/// <summary>
/// <c>{"id":4,"method":"mining.submit","params":["worker","job","c7080000","64b3f3ec","ed460d91","00002000"]}</c>: a
/// share, as spans into its line. Reading and writing allocate nothing, unless a text has escapes.
/// </summary>
public readonly ref struct SubmitRequest
{
    /// <summary>The worker's name, unescaped UTF-8.</summary>
    public ReadOnlySpan<byte> Worker { get; init; }

    /// <summary>The job's id as the pool gave it, unescaped UTF-8.</summary>
    public ReadOnlySpan<byte> JobId { get; init; }

    /// <summary>The miner's part of the coinbase; its size is for the receiver to check.</summary>
    public Extranonce Extranonce2 { get; init; }

    /// <summary>Extranonce2 as it was sent, hex digits of either case; empty in a request that was not read.</summary>
    public ReadOnlySpan<byte> Extranonce2Hex { get; private init; }

    /// <summary>The header's time, seconds since 1970.</summary>
    public uint Time { get; init; }

    /// <summary>The header's nonce.</summary>
    public uint Nonce { get; init; }

    /// <summary>The rolled version bits (BIP 310); 0 when the parameter is absent or null.</summary>
    public uint VersionBits { get; init; }

    /// <summary>Whether there is a sixth parameter. Miners send or omit it whatever was negotiated.</summary>
    public bool HasVersionBits { get; init; }

    /// <summary>
    /// Reads the params: 5, 6 or more, the rest ignored. Time, nonce and version bits are 1 to 8 hex digits in either
    /// case, or numbers. Never throws.
    /// </summary>
    /// <param name="rawParams"><see cref="Message.Params"/>; the spans point into it.</param>
    /// <param name="value">The share.</param>
    /// <param name="error">What is wrong with the params; a constant text.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> rawParams, out SubmitRequest value, [NotNullWhen(false)] out string? error)
    {
        const string Extranonce2Must = "params[2] must be extranonce2: two hex digits for each byte";
        var list = ValueReader.OfParams(rawParams);
        ReadOnlySpan<byte> worker = list.NextText("params[0] must be the worker: a string");
        ReadOnlySpan<byte> job = list.NextText("params[1] must be the job id: a string");
        ReadOnlySpan<byte> extranonce2Hex = list.NextText(Extranonce2Must);
        if (!Extranonce.TryParse(extranonce2Hex, out Extranonce extranonce2))
        {
            list.Fail(Extranonce2Must);
        }

        uint time = list.NextHex("params[3] must be ntime: 1 to 8 hex digits, or a number");
        uint nonce = list.NextHex("params[4] must be the nonce: 1 to 8 hex digits, or a number");
        uint? bits = list.NextHexOrNull("params[5] must be the version bits: 1 to 8 hex digits, or a number");
        error = list.Finish();
        value = error is not null ? default : new SubmitRequest
        {
            Worker = worker,
            JobId = job,
            Extranonce2 = extranonce2,
            Extranonce2Hex = extranonce2Hex,
            Time = time,
            Nonce = nonce,
            VersionBits = bits ?? 0,
            HasVersionBits = bits is not null,
        };
        return error is null;
    }

    /// <summary>Writes the line, with six params when <see cref="HasVersionBits"/>.</summary>
    /// <param name="writer">Where the line goes.</param>
    /// <param name="id">Our number for the answer.</param>
    public void Write(IBufferWriter<byte> writer, long id)
    {
        MessageWriter.BeginRequest(writer, id, Methods.Submit);
        writer.Write("["u8);
        writer.PutText(Worker);
        writer.Write(","u8);
        writer.PutText(JobId);
        writer.Write(","u8);
        writer.PutHex(Extranonce2);
        writer.Write(","u8);
        writer.PutHex(Time);
        writer.Write(","u8);
        writer.PutHex(Nonce);
        if (HasVersionBits)
        {
            writer.Write(","u8);
            writer.PutHex(VersionBits);
        }

        writer.Write("]}\n"u8);
    }

    /// <summary>The share for a log.</summary>
    public override string ToString() =>
        $"{Encoding.UTF8.GetString(Worker)} job {Encoding.UTF8.GetString(JobId)} extranonce2 {Extranonce2} "
        + $"time {Time:x8} nonce {Nonce:x8}" + (HasVersionBits ? $" bits {VersionBits:x8}" : "");
}
