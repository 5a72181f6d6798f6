namespace Stratum.Mining;

/// <summary>
/// The user name of <c>mining.authorize</c>, usually <c>account.worker</c> or an address; never a secret.
/// </summary>
/// <param name="Value">As the miner sent it.</param>
public readonly record struct WorkerName(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value ?? "";
}
