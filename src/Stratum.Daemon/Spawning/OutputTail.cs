using System.Text;

namespace Stratum.Daemon;

/// <summary>The end of what a daemon wrote to its output.</summary>
internal static class OutputTail
{
    private const int MaxBytes = 16 << 10;
    private const int MaxLines = 10;
    private const int MaxLineLength = 400;

    // A daemon that is told to log to its output would fill the disk; what matters is the end.
    private const long MaxFileBytes = 4 << 20;

    /// <summary>Its last lines, without control characters and without <paramref name="secrets"/>.</summary>
    public static IReadOnlyList<string> Read(string file, params IEnumerable<string?> secrets)
    {
        string text;
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            stream.Seek(Math.Max(0, stream.Length - MaxBytes), SeekOrigin.Begin);
            byte[] bytes = new byte[MaxBytes];
            text = Encoding.UTF8.GetString(bytes, 0, stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }

        foreach (string? secret in secrets)
        {
            text = string.IsNullOrEmpty(secret) ? text : text.Replace(secret, "***");
        }

        return [.. text.Split('\n').Select(Printable).Where(line => line.Length > 0).TakeLast(MaxLines)];
    }

    /// <summary>Empties a file that became large; the daemon goes on writing at its new end.</summary>
    public static void Trim(string file)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            if (stream.Length > MaxFileBytes)
            {
                stream.SetLength(0);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is looked at again.
        }
    }

    private static string Printable(string line)
    {
        string clean = new([.. line.Where(c => !char.IsControl(c))]);
        clean = clean.Trim();
        return clean.Length > MaxLineLength ? clean[..MaxLineLength] + "..." : clean;
    }
}
