using System.Text.Json;
using Stratum.Protocol;

namespace Stratum.Client;

/// <summary>What the answers of pools mean. Each runs on the reading thread, before the next line.</summary>
internal static class Answers
{
    /// <summary>A share's fate: any error is a no, even beside <c>"result":true</c>.</summary>
    public static Exception? Share(scoped Message answer, out SubmitResult result)
    {
        if (RemoteError.TryRead(answer, out var error))
            result = SubmitResult.Rejected(error.Code, error.Text);
        else if (IsNo(answer.Result))
            result = SubmitResult.Rejected(RemoteError.UnknownCode, "The pool gave no reason");
        else
            result = SubmitResult.Accepted; // true, or {"status":"OK"}
        return null;
    }

    public static Exception? Any(scoped Message answer, out JsonElement result)
    {
        result = default;
        if (RemoteError.TryRead(answer, out var error))
            return new StratumRemoteException(error.Code, error.Text);
        var reader = new Utf8JsonReader(answer.Result.IsEmpty ? "null"u8 : answer.Result);
        result = JsonElement.ParseValue(ref reader);
        return null;
    }

    public static Exception? Ignore(scoped Message answer, out bool result)
    {
        _ = answer;
        result = true;
        return null;
    }

    public static AnswerReader<bool> Authorize(string worker) => (scoped Message answer, out bool result) =>
    {
        result = !IsNo(answer.Result);
        if (RemoteError.TryRead(answer, out var error))
            return new StratumRemoteException(error.Code, error.Text);
        return result ? null : new StratumRemoteException(24, $"The pool refused the worker {worker} and gave no reason");
    };

    public static AnswerReader<SubscribeResult> Subscribe(WorkState work) =>
        (scoped Message answer, out SubscribeResult? result) =>
        {
            result = null;
            if (RemoteError.TryRead(answer, out var error))
                return new StratumRemoteException(error.Code, error.Text);
            if (!SubscribeResult.TryRead(answer.Result, out result, out string? wrong))
                return new StratumProtocolException($"The answer to mining.subscribe: {wrong}");
            work.Subscribed(result);
            return null;
        };

    public static AnswerReader<ConfigureResult> Configure(WorkState work, ConfigureRequest request) =>
        (scoped Message answer, out ConfigureResult? result) =>
        {
            result = null;
            if (RemoteError.TryRead(answer, out var error))
                return new StratumRemoteException(error.Code, error.Text);
            if (!ConfigureResult.TryRead(answer.Result, out result, out string? wrong))
                return new StratumProtocolException($"The answer to mining.configure: {wrong}");
            work.Configured(request, result);
            return null;
        };

    private static bool IsNo(ReadOnlySpan<byte> result) =>
        result.IsEmpty || result.SequenceEqual("false"u8) || result.SequenceEqual("null"u8);
}
