namespace Stratum.Mining;

/// <summary>Which of an algorithm's kernels is used: the first that runs here and hashes right.</summary>
internal static class KernelChoice
{
    /// <param name="fastestFirst">The last one must run everywhere, and be what the others are compared with.</param>
    /// <param name="isRight">Compares one with the plain version.</param>
    public static TKernel Choose<TKernel>(IEnumerable<TKernel> fastestFirst, Func<TKernel, bool> isRight)
        where TKernel : IHashKernel => fastestFirst.First(kernel => kernel.IsSupported && isRight(kernel));

    /// <summary>The same kernels with what became of each.</summary>
    public static IEnumerable<HashKernel> Describe<TKernel>(
        IEnumerable<TKernel> fastestFirst, Func<TKernel, bool> isRight, Func<TKernel, NonceScanner> newScanner)
        where TKernel : IHashKernel
    {
        var chosen = false;
        foreach (var kernel in fastestFirst)
        {
            var role = !kernel.IsSupported ? HashKernelRole.Unsupported
                : !isRight(kernel) ? HashKernelRole.Refused
                : chosen ? HashKernelRole.Usable
                : HashKernelRole.Chosen;
            chosen |= role == HashKernelRole.Chosen;
            yield return new HashKernel(kernel.Name, kernel.Lanes, role, Reason(kernel, role),
                role is HashKernelRole.Chosen or HashKernelRole.Usable ? () => newScanner(kernel) : null);
        }
    }

    private static string Reason(IHashKernel kernel, HashKernelRole role) => role switch
    {
        HashKernelRole.Chosen => kernel.Strength,
        HashKernelRole.Usable => "right, and expected to be slower here",
        HashKernelRole.Refused => "it hashes otherwise than the plain version",
        _ => "this processor or system does not have it",
    };
}
