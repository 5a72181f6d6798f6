using System.Text.Json;

namespace Stratum.Pool;

/// <summary>Texts of miners and daemons, which choose them.</summary>
internal static class JournalText
{
    // Escaped in JSON six bytes a character: five of them stay far below what a record's text may have.
    private const int Longest = 1000;

    /// <summary>A text that fits into a record.</summary>
    public static string? Cut(string? text) => text is { Length: > Longest } ? text[..Longest] : text;

    /// <summary>A state's name in records: <c>lostRace</c>.</summary>
    public static string Name(BlockState state) => JsonNamingPolicy.CamelCase.ConvertName(state.ToString());
}
