namespace Stratum.BlockNotify;

/// <summary>A file whose first line is the password.</summary>
internal static class PasswordFile
{
    private const int MaxBytes = 4096;

    /// <summary>The base64 of its bytes as they are, without a byte order mark and the line's end; or what is wrong.</summary>
    public static string? Read(string path, out string? wrong)
    {
        Span<byte> bytes = stackalloc byte[MaxBytes];
        var length = 0;
        try
        {
            // A pipe will do too, and gives it in pieces.
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            int count;
            while (length < MaxBytes && !bytes[..length].Contains((byte)'\n')
                && (count = file.Read(bytes[length..])) > 0)
                length += count;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            wrong = $"--password-file: {error.Message}";
            return null;
        }
        bytes = bytes[..length];
        var isWhole = length < MaxBytes;
        if (bytes.IndexOf((byte)'\n') is >= 0 and var end)
        {
            bytes = bytes[..end];
            isWhole = true;
        }
        if (bytes.StartsWith("\uFEFF"u8))
            bytes = bytes[3..];
        bytes = bytes.TrimEnd((byte)'\r');
        wrong = !isWhole ? $"--password-file: the first line is longer than {MaxBytes} bytes."
            : bytes.IsEmpty ? "--password-file: the first line is empty."
            : null;
        return Convert.ToBase64String(bytes);
    }
}
