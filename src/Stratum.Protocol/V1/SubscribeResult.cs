using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Stratum.Mining;

namespace Stratum.Protocol;

/// <summary>
/// <c>{"id":1,"result":[[["mining.set_difficulty","1"],["mining.notify","1"]],"57a6f098",4],"error":null}</c>: the
/// answer to subscribe.
/// </summary>
public sealed record SubscribeResult
{
    /// <summary>What the miner will be notified of, each with an id, often the session's; may be empty.</summary>
    public IReadOnlyList<(string Method, string Id)> Subscriptions { get; init; } = [];

    /// <summary>The pool's part of the coinbase, 4 bytes nearly everywhere.</summary>
    public required Extranonce Extranonce1 { get; init; }

    /// <summary>How many bytes of the coinbase are the miner's, 0 to 16; 4 to 8 work with every miner.</summary>
    public required int Extranonce2Size { get; init; }

    /// <summary>What a resuming client sends next time: the id beside <c>mining.notify</c>; null without one.</summary>
    public string? SessionId
    {
        get
        {
            string? id = Subscriptions.FirstOrDefault(s => s.Method == "mining.notify").Id;
            return string.IsNullOrEmpty(id) ? null : id;
        }
    }

    /// <summary>
    /// Reads the result. The subscriptions may be pairs, only one of them, one flat list, or null. Never throws.
    /// </summary>
    /// <param name="rawResult"><see cref="Message.Result"/>.</param>
    /// <param name="value">The answer.</param>
    /// <param name="error">What is wrong with the result.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> rawResult,
        [NotNullWhen(true)] out SubscribeResult? value,
        [NotNullWhen(false)] out string? error)
    {
        const string Extranonce1Must = "result[1] must be extranonce1: two hex digits for each of up to 16 bytes";
        var list = ValueReader.OfArray(rawResult, "The result must be an array");
        var subscriptions = new List<(string Method, string Id)>();
        ReadSubscriptions(ref list, subscriptions);
        if (!Extranonce.TryParse(list.NextText(Extranonce1Must), out Extranonce extranonce1))
        {
            list.Fail(Extranonce1Must);
        }

        int size = list.NextInteger(0, 16, "result[2] must be the size of extranonce2: 0 to 16 bytes");
        error = list.Finish();
        value = error is not null ? null : new SubscribeResult
        {
            Subscriptions = subscriptions,
            Extranonce1 = extranonce1,
            Extranonce2Size = size,
        };
        return value is not null;
    }

    /// <summary>Writes the answer.</summary>
    /// <param name="writer">Where the line goes.</param>
    /// <param name="id">The request's id, raw.</param>
    public void Write(IBufferWriter<byte> writer, ReadOnlySpan<byte> id)
    {
        MessageWriter.BeginResult(writer, id);
        writer.Write("[["u8);
        ReadOnlySpan<byte> open = "["u8;
        for (int i = 0; i < Subscriptions.Count; i++)
        {
            (string method, string subscription) = Subscriptions[i];
            writer.Write(open);
            writer.PutText(method);
            writer.Write(","u8);
            writer.PutText(subscription);
            writer.Write("]"u8);
            open = ",["u8;
        }

        writer.Write("],"u8);
        writer.PutHex(Extranonce1);
        writer.Write(","u8);
        writer.PutNumber(Extranonce2Size);
        writer.Write("]"u8);
        MessageWriter.EndResult(writer);
    }

    /// <inheritdoc/>
    public bool Equals(SubscribeResult? other) =>
        other is not null && Extranonce1 == other.Extranonce1 && Extranonce2Size == other.Extranonce2Size
        && Subscriptions.SequenceEqual(other.Subscriptions);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Extranonce1, Extranonce2Size, Subscriptions.Count);

    private static void ReadSubscriptions(scoped ref ValueReader list, List<(string Method, string Id)> subscriptions)
    {
        const string Must = "result[0] must be the subscriptions: pairs of method and id, or null";
        if (!list.Next())
        {
            list.Fail(Must);
        }

        if (list.Type == JsonTokenType.Null || !list.Enter(JsonTokenType.StartArray, Must))
        {
            return;
        }

        // A string begins a pair of a flat list, ["a","1","b","2"]; an array is a pair.
        while (list.Next())
        {
            if (list.Type == JsonTokenType.StartArray)
            {
                list.Enter(JsonTokenType.StartArray, Must);
                string? method = null, id = null;
                while (list.Next())
                {
                    if (method is null)
                    {
                        method = list.String(Must);
                    }
                    else
                    {
                        id ??= list.StringOrNull(Must) ?? "";
                    }
                }

                if (method is not null)
                {
                    subscriptions.Add((method, id ?? ""));
                }
            }
            else
            {
                string method = list.String(Must);
                if (!list.Next())
                {
                    break; // a name without an id
                }

                subscriptions.Add((method, list.StringOrNull(Must) ?? ""));
            }
        }
    }
}
