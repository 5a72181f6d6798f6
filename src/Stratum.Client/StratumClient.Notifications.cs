using System.Text;
using Stratum.Protocol;

namespace Stratum.Client;

public sealed partial class StratumClient
{
    private string? TakeNotify(PoolSession session, scoped in Message message)
    {
        if (!Notify.TryRead(message.Params, out var notify, out string? error))
            return error;
        if (session.Work.Notified(notify) is not { } job)
            return "A job before the answer to mining.subscribe: there is no extranonce1 to make it of";
        Publish(session, job);
        return null;
    }

    private static string? TakeDifficulty(PoolSession session, scoped in Message message)
    {
        if (SetDifficulty.TryRead(message.Params, out var value, out string? error))
            session.Work.SetDifficulty(value.Difficulty);
        return error;
    }

    private static string? TakeExtranonce(PoolSession session, scoped in Message message)
    {
        if (SetExtranonce.TryRead(message.Params, out var value, out string? error))
            session.Work.SetExtranonce(value.Extranonce1, value.Extranonce2Size);
        return error;
    }

    private string? TakeVersionMask(PoolSession session, scoped in Message message)
    {
        if (!SetVersionMask.TryRead(message.Params, out var value, out string? error))
            return error;
        if (!session.Work.SetVersionMask(value.Mask, out var renewed))
            return "A version mask, though version rolling was not negotiated";
        if (renewed is not null)
            Publish(session, renewed);
        return null;
    }

    private string? TakeReconnect(PoolSession session, scoped in Message message)
    {
        if (!Reconnect.TryRead(message.Params, out var reconnect, out string? error))
            return error;
        if (!Options.FollowReconnect)
            return "client.reconnect is not followed: FollowReconnect is off";
        if (!MayFollow(session, reconnect))
            return $"client.reconnect to {reconnect.Host} is not followed: it is another host, and not among ReconnectHosts";
        session.FollowRedirect(reconnect);
        return null;
    }

    private string? TakeShowMessage(PoolSession session, scoped in Message message)
    {
        if (!ShowMessage.TryRead(message.Params, out var value, out string? error))
            return error;
        _log.MessageShown(session.Url, value.Text);
        Raise(MessageShown, value.Text);
        return Answer(session, message, "true"u8.ToArray());
    }

    private string? TakeUnknown(PoolSession session, scoped in Message message)
    {
        if (message.WantsAnswer)
        {
            Refuse(session, new RequestId(message.Id), -3, "Method not found");
            return null;
        }

        string method = Encoding.UTF8.GetString(message.Method);
        _log.UnknownNotification(session.Url, method);
        if (UnknownNotification is not null)
            Raise(UnknownNotification, new PoolNotification(method, Encoding.UTF8.GetString(message.Params)));
        return null;
    }
}
