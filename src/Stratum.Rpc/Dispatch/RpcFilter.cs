namespace Stratum.Rpc;

/// <summary>
/// Stands around every call, known method or not: it may answer itself, refuse by <see cref="RpcException"/>, or let
/// the method run and look at its result.
/// </summary>
/// <param name="call">What is asked; its password was right.</param>
/// <param name="next">Runs the method and gives its result as JSON.</param>
/// <returns>The result as JSON.</returns>
public delegate ValueTask<ReadOnlyMemory<byte>> RpcFilter(
    RpcCall call, Func<ValueTask<ReadOnlyMemory<byte>>> next);
