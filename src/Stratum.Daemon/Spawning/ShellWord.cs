namespace Stratum.Daemon;

/// <summary>One word of a command that a daemon gives to a shell.</summary>
internal static class ShellWord
{
    /// <summary>Any text, as this one word and nothing else. A per cent sign is parted from what follows it, or the
    /// daemon would put its data there: <c>a%s</c> is <c>'a%''s'</c>, the same to the shell.</summary>
    public static string Quote(string text) => $"'{text.Replace("'", @"'\''").Replace("%", "%''")}'";
}
