using Stratum.Server;

namespace Stratum.Bench;

/// <summary>A session's driver that carries nothing: the bench takes what the session has to say.</summary>
internal sealed class NullTransport : ISessionTransport
{
    public long BlockedSince => 0;

    public void Wake()
    {
    }

    public void Finish()
    {
    }

    public void Close(bool abort)
    {
    }
}
