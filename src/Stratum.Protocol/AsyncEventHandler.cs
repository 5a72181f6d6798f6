namespace Stratum.Protocol;

/// <summary>
/// A rare event whose handlers may wait; they run one after the other, and an exception of one is logged.
/// </summary>
/// <param name="sender">The server or client that it happened to.</param>
/// <param name="value">What happened.</param>
public delegate ValueTask AsyncEventHandler<in T>(object sender, T value);
