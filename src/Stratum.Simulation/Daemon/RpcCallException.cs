namespace Stratum.Simulation;

/// <summary>A call that the simulated daemon refuses; becomes the <c>error</c> of the answer.</summary>
internal sealed class RpcCallException(int code, string message) : Exception(message)
{
    public int Code { get; } = code;
}
