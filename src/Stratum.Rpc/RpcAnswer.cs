using System.Text.Json;

namespace Stratum.Rpc;

/// <summary>A result, and what its way here tells.</summary>
/// <param name="Result">The answer's <c>result</c>: any JSON, null included.</param>
/// <param name="Date">The server's clock by the <c>Date</c> header, in whole seconds, cut off; null when there was none
/// that can be read.</param>
/// <param name="SentAt">Our clock before the call was sent.</param>
/// <param name="ReceivedAt">Our clock when the answer was complete.</param>
public sealed record RpcAnswer(
    JsonElement Result, DateTimeOffset? Date, DateTimeOffset SentAt, DateTimeOffset ReceivedAt)
{
    /// <summary>
    /// The server's clock minus ours, as little as the answer allows: zero when its second was ours at some moment
    /// between sending and receiving. Whole seconds, towards zero. Null without a <see cref="Date"/>.
    /// </summary>
    public TimeSpan? ClockDifference
    {
        get
        {
            if (Date is not { } from)
            {
                return null;
            }

            // The header says 12:00:05 from 12:00:05.000 to 12:00:05.999.
            DateTimeOffset until = from + TimeSpan.FromSeconds(1);
            TimeSpan least = from > ReceivedAt ? from - ReceivedAt : until < SentAt ? until - SentAt : TimeSpan.Zero;
            return TimeSpan.FromSeconds(Math.Truncate(least.TotalSeconds));
        }
    }
}
