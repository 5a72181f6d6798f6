using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Stratum.Rpc;

/// <summary>Takes the password out of a call's parameters.</summary>
internal static class PasswordParameter
{
    /// <summary>False when there is none where it should be.</summary>
    /// <param name="parameters">Valid JSON, an array or an object.</param>
    /// <param name="password">What its base64 stands for; empty when it is no base64.</param>
    /// <param name="rest">The parameters without it.</param>
    public static bool TryTake(
        ReadOnlyMemory<byte> parameters, [NotNullWhen(true)] out byte[]? password, out ReadOnlyMemory<byte> rest)
    {
        var reader = new Utf8JsonReader(parameters.Span);
        reader.Read();
        return reader.TokenType == JsonTokenType.StartArray
            ? TryTakeFirst(ref reader, parameters.Span, out password, out rest)
            : TryTakeMember(ref reader, parameters.Span, out password, out rest);
    }

    private static bool TryTakeFirst(
        ref Utf8JsonReader reader, ReadOnlySpan<byte> json, out byte[]? password, out ReadOnlyMemory<byte> rest)
    {
        reader.Read();
        password = Decode(reader);
        reader.Skip();
        rest = default;
        if (password is not null)
        {
            reader.Read();
            rest = (byte[])[(byte)'[', .. json[(int)reader.TokenStartIndex..]];
        }

        return password is not null;
    }

    private static bool TryTakeMember(
        ref Utf8JsonReader reader, ReadOnlySpan<byte> json, out byte[]? password, out ReadOnlyMemory<byte> rest)
    {
        var others = new ArrayBufferWriter<byte>(json.Length);
        password = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            int start = (int)reader.TokenStartIndex;
            bool isPassword = reader.ValueTextEquals("password"u8);
            reader.Read();
            if (isPassword)
            {
                password = Decode(reader);
            }

            reader.Skip();
            if (!isPassword)
            {
                others.Write(others.WrittenCount == 0 ? "{"u8 : ","u8);
                others.Write(json[start..(int)reader.BytesConsumed]);
            }
        }

        others.Write(others.WrittenCount == 0 ? "{}"u8 : "}"u8);
        rest = others.WrittenMemory;
        return password is not null;
    }

    private static byte[]? Decode(in Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            return null;
        }

        return reader.TryGetBytesFromBase64(out byte[]? decoded) ? decoded : [];
    }
}
