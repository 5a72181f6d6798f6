using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Stratum.Protocol;

/// <summary>
/// <c>{"id":1,"method":"mining.subscribe","params":["cgminer/4.11.1","08000002"]}</c>. Either may be absent or null;
/// more parameters (a host and a port, NiceHash's signature) are ignored.
/// </summary>
public sealed record SubscribeRequest
{
    /// <summary>Name and version of the miner, in whatever form; null when it says none.</summary>
    public string? UserAgent { get; init; }

    /// <summary>
    /// The session to resume in ckpool's sense; but some send an extranonce1, NiceHash a time in milliseconds.
    /// </summary>
    public string? SessionId { get; init; }

    /// <summary>Reads the params. Never throws.</summary>
    /// <param name="rawParams"><see cref="Message.Params"/>.</param>
    /// <param name="value">The request.</param>
    /// <param name="error">What is wrong with the params.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> rawParams,
        [NotNullWhen(true)] out SubscribeRequest? value,
        [NotNullWhen(false)] out string? error)
    {
        var list = ValueReader.OfParams(rawParams);
        string? userAgent = list.NextStringOrNull("params[0] must be the user agent: a string or null");
        string? sessionId = list.NextStringOrNull("params[1] must be the session id: a string or null");
        error = list.Finish();
        value = error is null ? new SubscribeRequest { UserAgent = userAgent, SessionId = sessionId } : null;
        return value is not null;
    }

    /// <summary>Writes the line, with as few params as say it.</summary>
    /// <param name="writer">Where the line goes.</param>
    /// <param name="id">Our number for the answer.</param>
    public void Write(IBufferWriter<byte> writer, long id)
    {
        MessageWriter.BeginRequest(writer, id, Methods.Subscribe);
        writer.Write("["u8);
        if (UserAgent is not null || SessionId is not null)
        {
            writer.PutTextOrNull(UserAgent);
        }

        if (SessionId is not null)
        {
            writer.Write(","u8);
            writer.PutText(SessionId);
        }

        writer.Write("]}\n"u8);
    }
}
