namespace Stratum;

/// <summary>A part of a node did not start; those before it were stopped again.</summary>
/// <param name="part">Which one.</param>
/// <param name="cause">Why; its text is in this one's.</param>
public sealed class NodeStartException(string part, Exception cause)
    : InvalidOperationException($"{part} did not start: {cause.Message}", cause)
{
    /// <summary>Which part.</summary>
    public string Part { get; } = part;
}
