using Stratum.Mining;

namespace Stratum.Cli;

/// <summary>How fast a kernel was.</summary>
/// <param name="Kernel">The kernel or baseline.</param>
/// <param name="HashesPerSecond">Of all threads together; null for one that cannot be used here.</param>
internal sealed record KernelRate(HashKernel Kernel, double? HashesPerSecond);
