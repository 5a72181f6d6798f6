namespace Stratum.Client;

/// <summary>
/// Something that the pool should not have sent. The connection goes on, unless it happens ten times.
/// </summary>
/// <param name="Text">What was wrong with it.</param>
/// <param name="Line">The line.</param>
public readonly record struct ClientProtocolError(string Text, string Line);
