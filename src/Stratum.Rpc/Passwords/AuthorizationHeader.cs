using System.Text;

namespace Stratum.Rpc;

/// <summary>The password of an HTTP header <c>Authorization</c>.</summary>
internal static class AuthorizationHeader
{
    private const string Basic = "Basic ";
    private const string Bearer = "Bearer ";

    /// <summary>Of <c>Basic base64(user:password)</c>, whatever the user, or <c>Bearer password</c>; null of anything
    /// else.</summary>
    public static byte[]? ReadPassword(string header)
    {
        if (header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return Encoding.UTF8.GetBytes(header[Bearer.Length..].Trim());
        }

        if (!header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        byte[] pair = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[Basic.Length..].Trim(), pair, out int length))
        {
            return null;
        }

        int colon = pair.AsSpan(0, length).IndexOf((byte)':');
        return colon < 0 ? null : pair[(colon + 1)..length];
    }
}
