using System.Globalization;
using System.Text.Json.Nodes;
using Stratum.Mining;

namespace Stratum.Cli;

/// <summary>What <c>mine --benchmark</c> says of one algorithm.</summary>
internal sealed class BenchmarkReport(string algorithm, int threads, IReadOnlyList<KernelRate> rates)
{
    // Below that two kernels are as fast as each other.
    private const double Noticeable = 1.05;

    /// <summary>What the ratios are to: the first baseline; null where this system has none.</summary>
    private readonly KernelRate? _baseline = rates.FirstOrDefault(rate => rate.Kernel.Role == HashKernelRole.Baseline);

    public IEnumerable<string> Lines()
    {
        yield return $"{algorithm}, {threads} thread{(threads == 1 ? "" : "s")}"
            + (_baseline is null ? "" : $"; x: {_baseline.Kernel.Name}");
        foreach (var rate in rates)
            yield return string.Create(CultureInfo.InvariantCulture,
                $"  {(rate.HashesPerSecond is { } value ? HashRate.Format(value) : "-"),10}  {Ratio(rate),4:F1}{(Ratio(rate) is null ? "  " : " x")}")
                + $"  {rate.Kernel.Name}: {Role(rate)}";
        if (Faster() is { } faster)
            yield return string.Create(CultureInfo.InvariantCulture,
                $"  Measured, {faster.Kernel.Name} is {100 * (faster.HashesPerSecond / Chosen.HashesPerSecond - 1):F0} % faster than the chosen one.");
    }

    public IEnumerable<JsonObject> Objects() => rates.Select(rate => new JsonObject
    {
        ["event"] = "kernel",
        ["algorithm"] = algorithm,
        ["threads"] = threads,
        ["name"] = rate.Kernel.Name,
        ["lanes"] = rate.Kernel.Lanes,
        ["role"] = rate.Kernel.Role.ToString().ToLowerInvariant(),
        ["reason"] = rate.Kernel.Reason,
        ["hashesPerSecond"] = rate.HashesPerSecond,
        ["ratio"] = Ratio(rate),
        ["baseline"] = _baseline?.Kernel.Name,
    });

    private KernelRate Chosen => rates.First(rate => rate.Kernel.Role == HashKernelRole.Chosen);

    private KernelRate? Faster() => rates
        .Where(rate => rate.Kernel.Role == HashKernelRole.Usable && rate.HashesPerSecond > Chosen.HashesPerSecond * Noticeable)
        .MaxBy(rate => rate.HashesPerSecond);

    private double? Ratio(KernelRate rate) => rate.HashesPerSecond / _baseline?.HashesPerSecond;

    private static string Role(KernelRate rate) => rate.Kernel.Role switch
    {
        HashKernelRole.Chosen => $"chosen: {rate.Kernel.Reason}",
        HashKernelRole.Refused => $"REFUSED: {rate.Kernel.Reason}",
        _ => rate.Kernel.Reason,
    };
}
