namespace Stratum.Cli;

/// <summary>
/// Names, agents and reasons are the other side's to choose: one with escapes must not paint on a terminal.
/// </summary>
internal static class Printable
{
    public static string Of(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? '\uFFFD' : c)) : text;
}
