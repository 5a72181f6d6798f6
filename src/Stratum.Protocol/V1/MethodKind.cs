namespace Stratum.Protocol;

/// <summary>The methods that <see cref="Methods.Find"/> tells apart.</summary>
public enum MethodKind
{
    /// <summary>None that this library knows; it may still be one of yours.</summary>
    Unknown,

    /// <summary>See <see cref="Methods.Subscribe"/>.</summary>
    Subscribe,

    /// <summary>See <see cref="Methods.Authorize"/>.</summary>
    Authorize,

    /// <summary>See <see cref="Methods.Submit"/>.</summary>
    Submit,

    /// <summary>See <see cref="Methods.Configure"/>.</summary>
    Configure,

    /// <summary>See <see cref="Methods.ExtranonceSubscribe"/>.</summary>
    ExtranonceSubscribe,

    /// <summary>
    /// <c>mining.suggest_difficulty</c>, the same with <c>(42)</c> behind it, or <c>mining.suggest</c>.
    /// </summary>
    SuggestDifficulty,

    /// <summary>See <see cref="Methods.SuggestTarget"/>.</summary>
    SuggestTarget,

    /// <summary>See <see cref="Methods.GetTransactions"/>.</summary>
    GetTransactions,

    /// <summary>See <see cref="Methods.Capabilities"/>.</summary>
    Capabilities,

    /// <summary>See <see cref="Methods.Ping"/>.</summary>
    Ping,

    /// <summary>See <see cref="Methods.Pong"/>.</summary>
    Pong,

    /// <summary>See <see cref="Methods.Notify"/>.</summary>
    Notify,

    /// <summary>See <see cref="Methods.SetDifficulty"/>.</summary>
    SetDifficulty,

    /// <summary>See <see cref="Methods.SetExtranonce"/>.</summary>
    SetExtranonce,

    /// <summary><c>mining.set_version_mask</c> or <c>mining.set_version</c>.</summary>
    SetVersionMask,

    /// <summary>See <see cref="Methods.Reconnect"/>.</summary>
    Reconnect,

    /// <summary>See <see cref="Methods.ShowMessage"/>.</summary>
    ShowMessage,

    /// <summary>See <see cref="Methods.GetVersion"/>.</summary>
    GetVersion,
}
