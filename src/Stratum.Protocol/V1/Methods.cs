namespace Stratum.Protocol;

/// <summary>The methods' names as they are on the wire, UTF-8, and the quick way from a name to a method.</summary>
public static class Methods
{
    /// <summary>Miner to pool: <c>mining.subscribe</c>.</summary>
    public static ReadOnlySpan<byte> Subscribe => "mining.subscribe"u8;

    /// <summary>Miner to pool: <c>mining.authorize</c>.</summary>
    public static ReadOnlySpan<byte> Authorize => "mining.authorize"u8;

    /// <summary>Miner to pool: <c>mining.submit</c>.</summary>
    public static ReadOnlySpan<byte> Submit => "mining.submit"u8;

    /// <summary>Miner to pool: <c>mining.configure</c> (BIP 310).</summary>
    public static ReadOnlySpan<byte> Configure => "mining.configure"u8;

    /// <summary>Miner to pool: <c>mining.extranonce.subscribe</c> (NiceHash).</summary>
    public static ReadOnlySpan<byte> ExtranonceSubscribe => "mining.extranonce.subscribe"u8;

    /// <summary>Miner to pool: <c>mining.suggest_difficulty</c>, in an old draft with the value in the name.</summary>
    public static ReadOnlySpan<byte> SuggestDifficulty => "mining.suggest_difficulty"u8;

    /// <summary>Miner to pool: <c>mining.suggest</c>, what a ckpool proxy calls suggest_difficulty.</summary>
    public static ReadOnlySpan<byte> Suggest => "mining.suggest"u8;

    /// <summary>Miner to pool: <c>mining.suggest_target</c>.</summary>
    public static ReadOnlySpan<byte> SuggestTarget => "mining.suggest_target"u8;

    /// <summary>Miner to pool: <c>mining.get_transactions</c>.</summary>
    public static ReadOnlySpan<byte> GetTransactions => "mining.get_transactions"u8;

    /// <summary>Miner to pool: <c>mining.capabilities</c>, BFGMiner's; it has no answer.</summary>
    public static ReadOnlySpan<byte> Capabilities => "mining.capabilities"u8;

    /// <summary>Either way: <c>mining.ping</c>.</summary>
    public static ReadOnlySpan<byte> Ping => "mining.ping"u8;

    /// <summary>Miner to pool: <c>pong</c>, by name a method, by meaning an answer (Bitaxe): never answered.</summary>
    public static ReadOnlySpan<byte> Pong => "pong"u8;

    /// <summary>Pool to miner: <c>mining.notify</c>.</summary>
    public static ReadOnlySpan<byte> Notify => "mining.notify"u8;

    /// <summary>Pool to miner: <c>mining.set_difficulty</c>.</summary>
    public static ReadOnlySpan<byte> SetDifficulty => "mining.set_difficulty"u8;

    /// <summary>Pool to miner: <c>mining.set_extranonce</c>.</summary>
    public static ReadOnlySpan<byte> SetExtranonce => "mining.set_extranonce"u8;

    /// <summary>Pool to miner: <c>mining.set_version_mask</c>.</summary>
    public static ReadOnlySpan<byte> SetVersionMask => "mining.set_version_mask"u8;

    /// <summary>
    /// Pool to miner: <c>mining.set_version</c>, what the Stratum V2 translator calls set_version_mask.
    /// </summary>
    public static ReadOnlySpan<byte> SetVersion => "mining.set_version"u8;

    /// <summary>Pool to miner: <c>client.reconnect</c>.</summary>
    public static ReadOnlySpan<byte> Reconnect => "client.reconnect"u8;

    /// <summary>Pool to miner: <c>client.show_message</c>.</summary>
    public static ReadOnlySpan<byte> ShowMessage => "client.show_message"u8;

    /// <summary>Pool to miner, answered: <c>client.get_version</c>.</summary>
    public static ReadOnlySpan<byte> GetVersion => "client.get_version"u8;

    /// <summary>Finds the method of a name: a look at its length and at most three comparisons.</summary>
    /// <param name="name"><see cref="Message.Method"/>.</param>
    /// <returns><see cref="MethodKind.Unknown"/> for every other name, case included.</returns>
    public static MethodKind Find(ReadOnlySpan<byte> name)
    {
        switch (name.Length)
        {
            case 4:
                return Match(name, Pong, MethodKind.Pong);
            case 11:
                return Match(name, Ping, MethodKind.Ping);
            case 13:
                return name[7] == (byte)'n'
                    ? Match(name, Notify, MethodKind.Notify)
                    : Match(name, Submit, MethodKind.Submit);
            case 14:
                return Match(name, Suggest, MethodKind.SuggestDifficulty);
            case 16:
                return name[7] switch
                {
                    (byte)'s' => Match(name, Subscribe, MethodKind.Subscribe),
                    (byte)'a' => Match(name, Authorize, MethodKind.Authorize),
                    (byte)'c' => Match(name, Configure, MethodKind.Configure),
                    _ => Match(name, Reconnect, MethodKind.Reconnect),
                };
            case 18:
                return name[0] == (byte)'c'
                    ? Match(name, GetVersion, MethodKind.GetVersion)
                    : Match(name, SetVersion, MethodKind.SetVersionMask);
            case 19:
                return name[0] == (byte)'c'
                    ? Match(name, ShowMessage, MethodKind.ShowMessage)
                    : Match(name, Capabilities, MethodKind.Capabilities);
            case 21:
                return name[12] switch
                {
                    (byte)'i' => Match(name, SetDifficulty, MethodKind.SetDifficulty),
                    (byte)'x' => Match(name, SetExtranonce, MethodKind.SetExtranonce),
                    _ => Match(name, SuggestTarget, MethodKind.SuggestTarget),
                };
            case 23:
                return name[7] == (byte)'s'
                    ? Match(name, SetVersionMask, MethodKind.SetVersionMask)
                    : Match(name, GetTransactions, MethodKind.GetTransactions);
            case 27 when name[7] == (byte)'e':
                return Match(name, ExtranonceSubscribe, MethodKind.ExtranonceSubscribe);
            default:
                return IsSuggestDifficulty(name) ? MethodKind.SuggestDifficulty : MethodKind.Unknown;
        }
    }

    private static MethodKind Match(ReadOnlySpan<byte> name, ReadOnlySpan<byte> candidate, MethodKind kind) =>
        name.SequenceEqual(candidate) ? kind : MethodKind.Unknown;

    private static bool IsSuggestDifficulty(ReadOnlySpan<byte> name) =>
        name.StartsWith(SuggestDifficulty)
        && (name.Length == SuggestDifficulty.Length || name[SuggestDifficulty.Length] == (byte)'(');
}
