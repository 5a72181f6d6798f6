using Stratum.Protocol;

namespace Stratum.Client;

/// <summary>Reads an answer, where its bytes arrived and before the next line is looked at.</summary>
/// <returns>Null, or what the caller gets instead of a value.</returns>
internal delegate Exception? AnswerReader<T>(scoped Message answer, out T? value);

/// <summary>A call that waits for its answer.</summary>
internal abstract class PendingCall
{
    /// <summary>Takes the answer; says whether it could be read.</summary>
    public abstract StratumProtocolException? Answer(scoped Message answer);

    public abstract void Fail(Exception reason);
}

/// <inheritdoc/>
internal sealed class PendingCall<T>(AnswerReader<T> read) : PendingCall
{
    private readonly TaskCompletionSource<T> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Task => _source.Task;

    public override StratumProtocolException? Answer(scoped Message answer)
    {
        var error = read(answer, out var value);
        if (error is null)
            _source.TrySetResult(value!);
        else
            Fail(error);
        return error as StratumProtocolException;
    }

    public override void Fail(Exception reason)
    {
        _source.TrySetException(reason);
        _ = _source.Task.Exception; // the caller may have stopped waiting: observed here
    }
}
