using Stratum.Rpc;

namespace Stratum.Daemon;

/// <summary>Waits until a daemon answers.</summary>
internal static class Readiness
{
    // Any daemon has it, and it costs nothing.
    private const string Question = "getblockcount";

    // A daemon that answers has written its cookie; what is refused for so long stays refused.
    private static readonly TimeSpan s_refusedFor = TimeSpan.FromSeconds(3);

    /// <summary>Returns when it does; its process may also have ended: look at <see cref="DaemonProcess.Ended"/>.
    /// </summary>
    /// <param name="options">How patient to be.</param>
    /// <param name="calls">The way to it.</param>
    /// <param name="process">Whose end ends the waiting.</param>
    /// <param name="heard">What it says of its start, as often as it says it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="DaemonStartException">It keeps silent, or does not know us.</exception>
    public static async Task WaitAsync(
        SpawnedDaemonOptions options,
        DaemonCalls calls,
        DaemonProcess process,
        Action<string> heard,
        CancellationToken cancellationToken)
    {
        TimeProvider time = options.TimeProvider;
        long answered = time.GetTimestamp();
        long? refused = null;
        while (!process.Ended.IsCompleted)
        {
            try
            {
                await calls.CallAsync(client =>
                    client.CallAsync(Question, null, options.StartTimeout, cancellationToken)).ConfigureAwait(false);
                return;
            }
            catch (RpcException e) when (e.Code == DaemonErrors.InWarmup)
            {
                answered = time.GetTimestamp();
                heard(e.Message);
            }
            catch (RpcException)
            {
                // It does not like the question, but it answers.
                return;
            }
            catch (RpcTransportException e)
                when (e.Failure is RpcTransportFailure.Unauthorized or RpcTransportFailure.Forbidden)
            {
                refused ??= time.GetTimestamp();
                if (time.GetElapsedTime(refused.Value) > s_refusedFor)
                {
                    throw new DaemonStartException(DaemonStartFailure.Unauthorized, e.Message, e);
                }
            }
            catch (RpcTransportException e)
            {
                if (time.GetElapsedTime(answered) > options.StartTimeout)
                {
                    throw new DaemonStartException(
                        DaemonStartFailure.NoAnswer,
                        $"its RPC keeps silent for more than {options.StartTimeout.TotalSeconds:0.#} s ({e.Message})",
                        e);
                }
            }

            await Task.WhenAny(process.Ended, Task.Delay(options.CheckInterval, time, cancellationToken))
                .ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
