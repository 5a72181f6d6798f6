namespace Stratum.Protocol;

/// <summary>What became of one extension of <c>mining.configure</c>.</summary>
/// <param name="Extension">The extension's name.</param>
/// <param name="Accepted">Whether it is in use now.</param>
/// <param name="Reason">BIP 310 lets a pool say in words why not; null writes <c>false</c>.</param>
public readonly record struct ConfigureAnswer(string Extension, bool Accepted, string? Reason = null);
