namespace Stratum.Mining;

/// <summary>
/// A block of 32 words between its order in RFC 7914 and the diagonal one of
/// <see cref="ScryptVectors{TVector, TQuads}"/>.
/// </summary>
internal static class ScryptBlock
{
    private static ReadOnlySpan<byte> Diagonal => [0, 5, 10, 15, 4, 9, 14, 3, 8, 13, 2, 7, 12, 1, 6, 11];

    public static void ToDiagonals(ReadOnlySpan<uint> plain, Span<uint> diagonals)
    {
        for (var i = 0; i < ScryptMemory.RowWords; i++)
            diagonals[i] = plain[i & 16 | Diagonal[i & 15]];
    }

    public static void FromDiagonals(ReadOnlySpan<uint> diagonals, Span<uint> plain)
    {
        for (var i = 0; i < ScryptMemory.RowWords; i++)
            plain[i & 16 | Diagonal[i & 15]] = diagonals[i];
    }
}
