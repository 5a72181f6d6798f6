namespace Stratum.Rpc;

/// <summary>
/// Reads an answer's body up to a limit. Grows with what has come, never with what a header promises.
/// </summary>
internal static class BoundedBody
{
    private const int FirstBuffer = 16 << 10;

    /// <summary>The whole body, or null when it is longer than <paramref name="maxBytes"/>.</summary>
    public static async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(
        HttpContent content, int maxBytes, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > maxBytes)
        {
            return null;
        }

        Stream stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            byte[] buffer = new byte[Math.Min(FirstBuffer, maxBytes)];
            int length = 0;
            while (true)
            {
                if (length == buffer.Length)
                {
                    // One byte more than allowed is enough to know.
                    long larger = Math.Min(2L * buffer.Length, (long)maxBytes + 1);
                    if (larger == buffer.Length || larger > Array.MaxLength)
                    {
                        return null;
                    }

                    Array.Resize(ref buffer, (int)larger);
                }

                int read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    return buffer.AsMemory(0, length);
                }

                length += read;
                if (length > maxBytes)
                {
                    return null;
                }
            }
        }
    }
}
