using System.Text;

namespace Stratum.Rpc;

/// <summary>A file whose first line is a secret.</summary>
internal static class SecretFile
{
    // A cookie is 75 bytes; what is much larger is not one (somebody gave the path of something else).
    private const int MaxFileBytes = 4096;

    /// <summary>The first line; null when there is none to be had.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="what">What it is called in the problem's text.</param>
    /// <param name="problem">Why not.</param>
    public static string? ReadFirstLine(string path, string what, out string? problem)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            Span<byte> bytes = stackalloc byte[MaxFileBytes];
            int length = file.ReadAtLeast(bytes, MaxFileBytes, throwOnEndOfStream: false);
            ReadOnlySpan<byte> line = bytes[..length];
            int end = line.IndexOfAny((byte)'\r', (byte)'\n');
            bool isWhole = end >= 0 || length < MaxFileBytes;
            line = end < 0 ? line : line[..end];
            // An editor's byte order mark is no part of the secret.
            line = line.StartsWith("\uFEFF"u8) ? line[3..] : line;
            problem = line.IsEmpty || !isWhole ? $"the {what} {path} does not begin with one line of text" : null;
            return problem is null ? Encoding.UTF8.GetString(line) : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            problem = $"the {what} {path} does not exist";
        }
        catch (UnauthorizedAccessException)
        {
            problem = $"the {what} {path} may not be read by this user ({Environment.UserName})";
        }
        catch (IOException e)
        {
            problem = $"the {what} {path} cannot be read ({e.GetType().Name})";
        }

        return null;
    }
}
