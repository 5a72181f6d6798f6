using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Unicode;

namespace Stratum.Protocol;

/// <summary>
/// The envelope of one line, <c>{"id":1,"method":"mining.submit","params":[...]}</c> or
/// <c>{"id":1,"result":true,"error":null}</c>, as spans into that line. Members in any order, unknown ones ignored,
/// of a repeated one the last counts.
/// </summary>
public readonly ref struct Message
{
    /// <summary>How deep a line may be nested; <c>{"params":[[]]}</c> is 3 deep.</summary>
    public const int MaxDepth = 32;

    private readonly ReadOnlySpan<byte> _params;

    private Message(
        ReadOnlySpan<byte> id,
        bool isRequest,
        bool isResponse,
        ReadOnlySpan<byte> method,
        ReadOnlySpan<byte> rawParams,
        ReadOnlySpan<byte> result,
        ReadOnlySpan<byte> error,
        ReadOnlySpan<byte> rejectReason)
    {
        Id = id;
        IsRequest = isRequest;
        IsResponse = isResponse;
        Method = method;
        _params = rawParams;
        Result = result;
        Error = error;
        RejectReason = rejectReason;
    }

    /// <summary>The id as the peer wrote it, a JSON value of any type, to be echoed; empty when absent.</summary>
    public ReadOnlySpan<byte> Id { get; }

    /// <summary>Whether there is an id and it is not null. A request without one is never answered.</summary>
    public bool WantsAnswer => !Id.IsEmpty && !Id.SequenceEqual("null"u8);

    /// <summary>Whether there is a method: a request, or a notification when no answer is wanted.</summary>
    public bool IsRequest { get; }

    /// <summary>Whether there is no method, but a result or an error (either may be null).</summary>
    public bool IsResponse { get; }

    /// <summary>The method as unescaped UTF-8; empty in a response.</summary>
    public ReadOnlySpan<byte> Method { get; }

    /// <summary>The params as raw JSON of whatever type; <c>[]</c> when absent or null.</summary>
    public ReadOnlySpan<byte> Params => _params.IsEmpty ? "[]"u8 : _params;

    /// <summary>The result as raw JSON, <c>null</c> included; empty when absent.</summary>
    public ReadOnlySpan<byte> Result { get; }

    /// <summary>The error as raw JSON of any shape, see <see cref="RemoteError"/>; empty when absent or null.</summary>
    public ReadOnlySpan<byte> Error { get; }

    /// <summary>ckpool's <c>"reject-reason":"Stale"</c> beside <c>error:null</c>, unescaped, or empty.</summary>
    public ReadOnlySpan<byte> RejectReason { get; }

    /// <summary>Reads one line. Never throws; allocates only when the line is bad or its method has escapes.</summary>
    /// <param name="line">The line, with or without its line end.</param>
    /// <param name="message">The envelope; its spans live as long as the line's bytes.</param>
    /// <param name="error">What is wrong with the line, for logs.</param>
    /// <returns>False when it is not UTF-8, not one JSON object, too deep, or neither request nor response.</returns>
    public static bool TryParse(
        ReadOnlySpan<byte> line, out Message message, [NotNullWhen(false)] out string? error)
    {
        message = default;
        if (!Utf8.IsValid(line))
        {
            error = "The line is not valid UTF-8";
            return false;
        }

        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            return TryParse(ref reader, line, out message, out error);
        }
        catch (JsonException)
        {
            error = $"The line is not valid JSON, or nested deeper than {MaxDepth}, at byte {reader.BytesConsumed}";
            return false;
        }
        catch (InvalidOperationException)
        {
            // The reader takes "\ud800" for a string and complains only when it is unescaped.
            error = $"The line has half a surrogate pair at byte {reader.BytesConsumed}";
            return false;
        }
    }

    private static bool TryParse(
        scoped ref Utf8JsonReader reader,
        ReadOnlySpan<byte> line,
        out Message message,
        [NotNullWhen(false)] out string? error)
    {
        message = default;
        ReadOnlySpan<byte> id = default, method = default, rawParams = default, result = default, fault = default;
        ReadOnlySpan<byte> reason = default;
        bool hasMethod = false, hasFault = false;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            error = "The line is not a JSON object";
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("id"u8))
            {
                id = JsonText.ReadRaw(ref reader, line);
            }
            else if (reader.ValueTextEquals("method"u8))
            {
                reader.Read();
                hasMethod = reader.TokenType != JsonTokenType.Null;
                if (hasMethod && reader.TokenType != JsonTokenType.String)
                {
                    error = "The method is not a string";
                    return false;
                }

                method = hasMethod ? JsonText.Unescape(ref reader) : default;
            }
            else if (reader.ValueTextEquals("params"u8))
            {
                rawParams = JsonText.ReadRawUnlessNull(ref reader, line);
            }
            else if (reader.ValueTextEquals("result"u8))
            {
                result = JsonText.ReadRaw(ref reader, line);
            }
            else if (reader.ValueTextEquals("error"u8))
            {
                fault = JsonText.ReadRawUnlessNull(ref reader, line);
                hasFault = true;
            }
            else if (reader.ValueTextEquals("reject-reason"u8))
            {
                reader.Read();
                reason = reader.TokenType == JsonTokenType.String ? JsonText.Unescape(ref reader) : default;
                reader.Skip();
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        reader.Read(); // throws when something follows the object
        bool isResponse = !hasMethod && (!result.IsEmpty || hasFault);
        if (!hasMethod && !isResponse)
        {
            error = "The line has neither a method nor a result";
            return false;
        }

        message = new Message(id, hasMethod, isResponse, method, rawParams, result, fault, reason);
        error = null;
        return true;
    }
}
