using System.Text.Json;
using System.Text.Unicode;

namespace Stratum.Rpc;

/// <summary>The parser lets strings pass that are no text, and throws when they are asked for.</summary>
internal static class JsonTexts
{
    /// <summary>Whether every string and name is text: UTF-8, and no half of a surrogate pair. Asked once, no reader
    /// further on has to expect an exception for it.</summary>
    public static bool AreValid(ReadOnlySpan<byte> utf8, JsonElement root) =>
        Utf8.IsValid(utf8) && (!HasSurrogates(utf8) || IsText(root));

    // Escapes \ud800 to \udfff, which no daemon has reason to write: the search is cheap, and what follows rare.
    private static bool HasSurrogates(ReadOnlySpan<byte> body) =>
        body.IndexOf("\\ud"u8) >= 0 || body.IndexOf("\\uD"u8) >= 0;

    private static bool IsText(JsonElement element)
    {
        try
        {
            switch (element.ValueKind)
            {
                case JsonValueKind.String:
                    element.GetString();
                    return true;
                case JsonValueKind.Array:
                    return element.EnumerateArray().All(IsText);
                case JsonValueKind.Object:
                    return element.EnumerateObject().All(member => member.Name is not null && IsText(member.Value));
                default:
                    return true;
            }
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair.
            return false;
        }
    }
}
