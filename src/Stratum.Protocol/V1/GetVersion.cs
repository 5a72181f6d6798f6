using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Stratum.Protocol;

/// <summary>
/// <c>{"id":7,"method":"client.get_version","params":[]}</c>, answered
/// <c>{"id":7,"result":"cgminer/4.11.1","error":null}</c>.
/// </summary>
public static class GetVersion
{
    /// <summary>Writes the request.</summary>
    /// <param name="writer">Where the line goes.</param>
    /// <param name="id">Our number for the answer.</param>
    public static void Write(IBufferWriter<byte> writer, long id) =>
        MessageWriter.WriteRequest(writer, id, Methods.GetVersion, default);

    /// <summary>Writes the answer.</summary>
    /// <param name="writer">Where the line goes.</param>
    /// <param name="id">The request's id, raw.</param>
    /// <param name="version">Name and version.</param>
    public static void WriteAnswer(IBufferWriter<byte> writer, ReadOnlySpan<byte> id, string version) =>
        MessageWriter.WriteTextResult(writer, id, version);

    /// <summary>Reads the answer's result. Never throws.</summary>
    /// <param name="rawResult"><see cref="Message.Result"/>.</param>
    /// <param name="version">Name and version.</param>
    /// <param name="error">What is wrong with the result.</param>
    public static bool TryReadAnswer(
        ReadOnlySpan<byte> rawResult,
        [NotNullWhen(true)] out string? version,
        [NotNullWhen(false)] out string? error)
    {
        var value = ValueReader.OfValue(rawResult);
        version = value.String("The result must be a string");
        error = value.Finish();
        version = error is null ? version : null;
        return version is not null;
    }
}
