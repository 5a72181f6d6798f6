using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Stratum.Mining;

namespace Stratum.Protocol;

/// <summary>
/// <c>{"id":1,"method":"mining.configure","params":[["version-rolling"],{"version-rolling.mask":"ffffffff"}]}</c>,
/// BIP 310: what a miner would like to negotiate. May come first, twice, or never.
/// </summary>
public sealed record ConfigureRequest
{
    /// <summary>The extension that lets a miner roll version bits.</summary>
    public const string VersionRolling = "version-rolling";

    /// <summary>The extension that asks for a least difficulty.</summary>
    public const string MinimumDifficultyExtension = "minimum-difficulty";

    /// <summary>The extension that asks for <see cref="SetExtranonce"/>.</summary>
    public const string SubscribeExtranonce = "subscribe-extranonce";

    /// <summary>The extension that says what the miner is.</summary>
    public const string Info = "info";

    /// <summary>The extensions asked for, known or not, in the miner's order.</summary>
    public IReadOnlyList<string> Extensions { get; init; } = [];

    /// <summary><c>version-rolling.mask</c>: the bits that the miner can roll; null when absent: all.</summary>
    public uint? VersionRollingMask { get; init; }

    /// <summary><c>version-rolling.min-bit-count</c>: how many bits it needs; null when absent.</summary>
    public int? MinBitCount { get; init; }

    /// <summary><c>minimum-difficulty.value</c>; null when absent.</summary>
    public Difficulty? MinimumDifficulty { get; init; }

    /// <summary><c>info.connection-url</c>.</summary>
    public string? ConnectionUrl { get; init; }

    /// <summary><c>info.hw-version</c>.</summary>
    public string? HardwareVersion { get; init; }

    /// <summary><c>info.sw-version</c>.</summary>
    public string? SoftwareVersion { get; init; }

    /// <summary><c>info.hw-id</c>.</summary>
    public string? HardwareId { get; init; }

    /// <summary>Parameters of extensions that this library does not know: full name, value as raw JSON.</summary>
    public IReadOnlyDictionary<string, string> Others { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether the miner asked for an extension.</summary>
    public bool Asks(string extension) => Extensions.Contains(extension);

    /// <summary>Reads the params; without the second, every extension has its defaults. Never throws.</summary>
    /// <param name="rawParams"><see cref="Message.Params"/>.</param>
    /// <param name="value">The request.</param>
    /// <param name="error">What is wrong with the params.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> rawParams,
        [NotNullWhen(true)] out ConfigureRequest? value,
        [NotNullWhen(false)] out string? error)
    {
        var list = ValueReader.OfParams(rawParams);
        List<string> extensions = ReadExtensions(ref list);
        var request = new ConfigureRequest { Extensions = extensions };
        if (list.Next() && list.Type != JsonTokenType.Null)
        {
            list.Enter(JsonTokenType.StartObject, "params[1] must be the extensions' parameters: an object");
            request = ReadParameters(ref list, request);
        }

        error = list.Finish();
        value = error is null ? request : null;
        return value is not null;
    }

    /// <summary>Writes the line.</summary>
    /// <param name="writer">Where the line goes.</param>
    /// <param name="id">Our number for the answer.</param>
    public void Write(IBufferWriter<byte> writer, long id)
    {
        MessageWriter.BeginRequest(writer, id, Methods.Configure);
        writer.Write("[["u8);
        for (int i = 0; i < Extensions.Count; i++)
        {
            writer.Write(i == 0 ? default : ","u8);
            writer.PutText(Extensions[i]);
        }

        writer.Write("],{"u8);
        WriteParameters(new MemberWriter(writer));
        writer.Write("}]}\n"u8);
    }

    /// <inheritdoc/>
    public bool Equals(ConfigureRequest? other) =>
        other is not null && Extensions.SequenceEqual(other.Extensions)
        && VersionRollingMask == other.VersionRollingMask && MinBitCount == other.MinBitCount
        && MinimumDifficulty == other.MinimumDifficulty && ConnectionUrl == other.ConnectionUrl
        && HardwareVersion == other.HardwareVersion && SoftwareVersion == other.SoftwareVersion
        && HardwareId == other.HardwareId && Others.Count == other.Others.Count && !Others.Except(other.Others).Any();

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(Extensions.Count, VersionRollingMask, MinBitCount, HardwareId);

    private static List<string> ReadExtensions(scoped ref ValueReader list)
    {
        const string Must = "params[0] must be the extensions: an array of strings";
        var extensions = new List<string>();
        if (!list.Next() || !list.Enter(JsonTokenType.StartArray, Must))
        {
            list.Fail(Must);
        }

        while (list.Next())
        {
            string extension = list.String(Must);
            if (!extensions.Contains(extension))
            {
                extensions.Add(extension); // once is enough: the answer is an object
            }
        }

        return extensions;
    }

    private static ConfigureRequest ReadParameters(scoped ref ValueReader list, ConfigureRequest request)
    {
        var others = new Dictionary<string, string>();
        while (list.NextMember(out ReadOnlySpan<byte> name))
        {
            if (name.SequenceEqual("version-rolling.mask"u8))
            {
                uint mask = list.Hex("version-rolling.mask must be 1 to 8 hex digits");
                request = request with { VersionRollingMask = mask };
            }
            else if (name.SequenceEqual("version-rolling.min-bit-count"u8))
            {
                int count = list.Integer(0, 32, "version-rolling.min-bit-count must be 0 to 32, bare or in a string");
                request = request with { MinBitCount = count };
            }
            else if (name.SequenceEqual("minimum-difficulty.value"u8))
            {
                Difficulty least = list.Difficulty("minimum-difficulty.value must be a number above 0");
                request = request with { MinimumDifficulty = least };
            }
            else if (name.SequenceEqual("info.connection-url"u8))
            {
                request = request with { ConnectionUrl = list.StringOrNull("info.connection-url must be a string") };
            }
            else if (name.SequenceEqual("info.hw-version"u8))
            {
                request = request with { HardwareVersion = list.StringOrNull("info.hw-version must be a string") };
            }
            else if (name.SequenceEqual("info.sw-version"u8))
            {
                request = request with { SoftwareVersion = list.StringOrNull("info.sw-version must be a string") };
            }
            else if (name.SequenceEqual("info.hw-id"u8))
            {
                request = request with { HardwareId = list.StringOrNull("info.hw-id must be a string") };
            }
            else
            {
                others[Encoding.UTF8.GetString(name)] = Encoding.UTF8.GetString(list.Raw());
            }
        }

        return request with { Others = others };
    }

    private void WriteParameters(MemberWriter members)
    {
        if (VersionRollingMask is { } mask)
        {
            members.Name("version-rolling.mask").PutHex(mask);
        }

        if (MinBitCount is { } count)
        {
            members.Name("version-rolling.min-bit-count").PutNumber(count);
        }

        if (MinimumDifficulty is { } least)
        {
            members.Name("minimum-difficulty.value").PutNumber(least);
        }

        members.TextUnlessNull("info.connection-url", ConnectionUrl);
        members.TextUnlessNull("info.hw-version", HardwareVersion);
        members.TextUnlessNull("info.sw-version", SoftwareVersion);
        members.TextUnlessNull("info.hw-id", HardwareId);
        foreach ((string name, string raw) in Others)
        {
            members.Raw(name, raw);
        }
    }
}
