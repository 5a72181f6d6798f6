namespace Stratum.Mining;

/// <summary>What a <see cref="HashKernel"/> is on this processor.</summary>
public enum HashKernelRole
{
    /// <summary>The one that <see cref="NonceScanner.Create(string)"/> takes.</summary>
    Chosen,

    /// <summary>It hashes right and is expected to be slower than the chosen one.</summary>
    Usable,

    /// <summary>It hashes otherwise than the plain version: never used.</summary>
    Refused,

    /// <summary>The processor, or the system, does not have what it needs.</summary>
    Unsupported,

    /// <summary>What is measured beside the kernels, and never mined with.</summary>
    Baseline,
}
