using Microsoft.Extensions.Logging;

namespace Stratum.Daemon;

/// <summary>Runs the quick handlers of an event.</summary>
internal static class Handlers
{
    /// <summary>One after the other; an exception of one is logged and does not keep the next from hearing of it.
    /// </summary>
    public static void Raise<T>(Action<T>? handlers, T value, ILogger logger)
    {
        foreach (Action<T> handler in Delegate.EnumerateInvocationList(handlers))
        {
            try
            {
                handler(value);
            }
            catch (Exception e)
            {
                DaemonLog.HandlerThrew(logger, e);
            }
        }
    }
}
