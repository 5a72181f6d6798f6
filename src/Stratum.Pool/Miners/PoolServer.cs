using Stratum.Mining;
using Stratum.Protocol;
using Stratum.Server;

namespace Stratum.Pool;

/// <summary>The pool's own decisions about miners: the difficulty that a password asks for.</summary>
internal sealed class PoolServer(StratumServerOptions options) : StratumServer(options)
{
    protected internal override async ValueTask<bool> AuthorizeAsync(StratumSession session, AuthorizeRequest request)
    {
        if (!await base.AuthorizeAsync(session, request).ConfigureAwait(false))
            return false;
        if (PasswordOptions.Difficulty(request.Password) is { } wish)
        {
            session.ApplyWish(wish);
            session.KeepsDifficulty = true;
        }
        return true;
    }
}
