using System.Text;
using System.Text.Json;

namespace Stratum.Server;

/// <summary>What a <see cref="RequestFilter"/> decided.</summary>
public readonly struct RequestOutcome
{
    private readonly string? _json;
    private readonly string? _text;
    private readonly int _code;

    private RequestOutcome(string? json, string? text, int code)
    {
        _json = json;
        _text = text;
        _code = code;
    }

    /// <summary>The method's own handler goes on with it.</summary>
    public static RequestOutcome Pass => default;

    /// <summary>It is answered with this result.</summary>
    /// <param name="json">JSON on one line.</param>
    /// <exception cref="ArgumentException">Not JSON.</exception>
    public static RequestOutcome Answer(string json) => new(CheckJson(json), null, 0);

    /// <summary>It is refused: <c>"error":[code,"text",data]</c>.</summary>
    /// <param name="code">Any code.</param>
    /// <param name="text">Any text.</param>
    /// <param name="data">JSON on one line; null for null.</param>
    /// <exception cref="ArgumentException">The data is not JSON.</exception>
    public static RequestOutcome Reject(int code, string text, string? data = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new(data is null ? null : CheckJson(data), text, code);
    }

    internal bool Apply(StratumSession session, ReadOnlySpan<byte> id)
    {
        if (_text is not null)
            session.Refuse(id, _code, _text, _json is null ? default : Encoding.UTF8.GetBytes(_json));
        else if (_json is not null)
            session.Answer(id, Encoding.UTF8.GetBytes(_json));
        else
            return false;
        return true;
    }

    /// <summary>Valid JSON has line ends only between its tokens; there they would cut the line.</summary>
    internal static string OnOneLine(string json) => json.Replace('\r', ' ').Replace('\n', ' ');

    private static string CheckJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            using var document = JsonDocument.Parse(json);
            return OnOneLine(json);
        }
        catch (JsonException error)
        {
            throw new ArgumentException($"Not JSON: {error.Message}", nameof(json), error);
        }
    }
}
