using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Stratum.Protocol;

/// <summary>
/// <c>{"id":null,"method":"client.reconnect","params":["pool.example.com",3333,0]}</c>, or <c>"params":[]</c> for the
/// same host and port. What it names comes from the network: a client checks it before it follows.
/// </summary>
public sealed record Reconnect
{
    /// <summary>The host; null means the same one.</summary>
    public string? Host { get; init; }

    /// <summary>The port, 1 to 65535; null means the same one.</summary>
    public int? Port { get; init; }

    /// <summary>How many seconds to wait before connecting, 0 to 86400.</summary>
    public int WaitSeconds { get; init; }

    /// <summary>Reads the params; ckpool sends the port as a string. Never throws.</summary>
    /// <param name="rawParams"><see cref="Message.Params"/>.</param>
    /// <param name="value">Where to go.</param>
    /// <param name="error">What is wrong with the params.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> rawParams,
        [NotNullWhen(true)] out Reconnect? value,
        [NotNullWhen(false)] out string? error)
    {
        const string PortMust = "params[1] must be the port: 1 to 65535, as a number or in a string";
        const string WaitMust = "params[2] must be the seconds to wait: 0 to 86400";
        var list = ValueReader.OfParams(rawParams);
        string? host = list.NextStringOrNull("params[0] must be the host: a string or null");
        int? port = Number(list.NextStringOrNull(PortMust), 65535, PortMust, ref list);
        int? wait = Number(list.NextStringOrNull(WaitMust), 86400, WaitMust, ref list);
        error = list.Finish();
        value = error is not null ? null : new Reconnect
        {
            Host = string.IsNullOrEmpty(host) ? null : host,
            Port = port == 0 ? null : port,
            WaitSeconds = wait ?? 0,
        };
        return value is not null;
    }

    /// <summary>Writes the notification.</summary>
    public void Write(IBufferWriter<byte> writer)
    {
        MessageWriter.BeginNotification(writer, Methods.Reconnect);
        writer.Write("["u8);
        if (Host is not null || Port is not null || WaitSeconds > 0)
        {
            writer.PutText(Host);
            writer.Write(","u8);
            writer.PutNumber(Port ?? 0);
            writer.Write(","u8);
            writer.PutNumber(WaitSeconds);
        }

        writer.Write("]}\n"u8);
    }

    private static int? Number(string? text, int max, string must, scoped ref ValueReader list)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (!int.TryParse(text, out int number) || number < 0 || number > max)
        {
            list.Fail(must);
        }

        return number;
    }
}
