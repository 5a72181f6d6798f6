using Stratum.Mining;
using Stratum.Protocol;

namespace Stratum.Client;

/// <summary>
/// What the pool's notifications add up to, on one connection: difficulty and extranonce wait for the next notify,
/// the version mask does not. Only the thread that reads the connection writes here.
/// </summary>
internal sealed class WorkState
{
    private Difficulty _difficulty = new(1); // the protocol's, until the pool names one
    private Extranonce _extranonce1;
    private int _extranonce2Size;
    private bool _isSubscribed;
    private bool _extranonceChanged;
    private uint _ourMask;

    public volatile ClientJob? Current;

    public bool VersionRolling { get; private set; }

    public uint VersionMask { get; private set; }

    public void Subscribed(SubscribeResult result)
    {
        _isSubscribed = true;
        SetExtranonce(result.Extranonce1, result.Extranonce2Size);
    }

    public void Configured(ConfigureRequest request, ConfigureResult result)
    {
        if (!request.Asks(ConfigureRequest.VersionRolling))
            return;
        VersionRolling = result.Accepts(ConfigureRequest.VersionRolling);
        // Some servers answer with their own mask, whatever was asked for.
        _ourMask = VersionRolling ? request.VersionRollingMask ?? uint.MaxValue : 0;
        VersionMask = (result.VersionRollingMask ?? 0) & _ourMask;
    }

    /// <summary>For the next notify; of two, the last counts.</summary>
    public void SetDifficulty(Difficulty difficulty) => _difficulty = difficulty;

    /// <summary>For the next notify, even one with the same job id.</summary>
    public void SetExtranonce(Extranonce extranonce1, int extranonce2Size)
    {
        _extranonceChanged |= extranonce1 != _extranonce1 || extranonce2Size != _extranonce2Size;
        _extranonce1 = extranonce1;
        _extranonce2Size = extranonce2Size;
    }

    /// <summary>At once: the current job again with the new mask; null when there is none.</summary>
    /// <returns>False without version rolling: then the mask means nothing.</returns>
    public bool SetVersionMask(uint mask, out ClientJob? renewed)
    {
        renewed = null;
        if (!VersionRolling)
            return false;
        VersionMask = mask & _ourMask;
        if (Current is { } job)
            Current = renewed = job with { VersionMask = VersionMask, Clean = false };
        return true;
    }

    /// <summary>A job; null before the answer to subscribe, when nothing can be made of it.</summary>
    public ClientJob? Notified(Notify notify)
    {
        if (!_isSubscribed)
            return null;
        var job = new ClientJob
        {
            Notify = notify,
            Extranonce1 = _extranonce1,
            Extranonce2Size = _extranonce2Size,
            Difficulty = _difficulty,
            VersionRolling = VersionRolling,
            VersionMask = VersionMask,
            Clean = notify.Clean || _extranonceChanged || Current is null,
        };
        _extranonceChanged = false;
        Current = job;
        return job;
    }
}
