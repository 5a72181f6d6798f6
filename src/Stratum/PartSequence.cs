namespace Stratum;

/// <summary>Starts parts in their order, and stops in reverse those that were started.</summary>
internal sealed class PartSequence(NodeLog log)
{
    private readonly Stack<NodePart> _running = new();

    /// <summary>All, or none: when one fails, those before it are stopped.</summary>
    /// <exception cref="NodeStartException">A part failed.</exception>
    public async Task StartAsync(IEnumerable<NodePart> parts, CancellationToken cancellationToken)
    {
        foreach (var part in parts)
        {
            try
            {
                cancellationToken.ThrowIfCancellationRequested();
                log.Starting(part.Name);
                await part.StartAsync(cancellationToken).ConfigureAwait(false);
                _running.Push(part);
                log.Started(part.Name);
            }
            catch (Exception error)
            {
                await StopAsync().ConfigureAwait(false);
                if (error is OperationCanceledException && cancellationToken.IsCancellationRequested)
                    throw;
                log.NotStarted(part.Name, error.Message);
                throw new NodeStartException(part.Name, error);
            }
        }
    }

    /// <summary>One that fails to stop is logged and keeps none from stopping.</summary>
    public async Task StopAsync()
    {
        while (_running.TryPop(out var part))
        {
            try
            {
                await part.StopAsync().ConfigureAwait(false);
                log.Stopped(part.Name);
            }
            catch (Exception error)
            {
                log.NotStopped(part.Name, error);
            }
        }
    }
}
