using System.Security.Cryptography;

namespace Stratum.Mining;

/// <summary>
/// One way to compute an algorithm's hashes for CPU miners, and what it is on this processor. At the start of the
/// process each is compared with the plain version; one that hashes otherwise is never used.
/// </summary>
public sealed class HashKernel
{
    private readonly Func<NonceScanner>? _create;

    internal HashKernel(string name, int lanes, HashKernelRole role, string reason, Func<NonceScanner>? create)
    {
        Name = name;
        Lanes = lanes;
        Role = role;
        Reason = reason;
        _create = create;
    }

    /// <summary>As <see cref="NonceScanner.Implementation"/> has it: <c>sha256d, 16 lanes</c>.</summary>
    public string Name { get; }

    /// <summary>Nonces at a time.</summary>
    public int Lanes { get; }

    /// <summary>Whether it is used here.</summary>
    public HashKernelRole Role { get; }

    /// <summary>Why it has this role, in words for people.</summary>
    public string Reason { get; }

    /// <summary>Whether it runs here and hashes right.</summary>
    public bool IsUsable => _create is not null;

    /// <summary>
    /// Every kernel of an algorithm, fastest first as expected here, and behind them the baselines that this system has: for
    /// sha256d a whole header by libcrypto's transform and by the framework, for scrypt OpenSSL's.
    /// </summary>
    /// <param name="algorithm"><c>sha256d</c> or <c>scrypt</c>.</param>
    /// <exception cref="ArgumentException">Another algorithm.</exception>
    public static IReadOnlyList<HashKernel> Of(string algorithm) => algorithm switch
    {
        "sha256d" => [.. Sha256dKernels.Describe(), .. Sha256dBaselines()],
        "scrypt" => [.. ScryptKernels.Describe(), .. ScryptBaselines()],
        _ => throw NonceScanner.Unknown(algorithm, nameof(algorithm)),
    };

    /// <summary>A scanner that uses it. One per thread, as any scanner.</summary>
    /// <exception cref="InvalidOperationException">It is refused or unsupported here.</exception>
    public NonceScanner CreateScanner() =>
        _create?.Invoke() ?? throw new InvalidOperationException($"{Name} cannot be used here: {Reason}.");

    private static IEnumerable<HashKernel> Sha256dBaselines()
    {
        if (Libcrypto.IsPresent)
            yield return Baseline("a whole header by libcrypto's transform", Sha256d.Hash);
        yield return Baseline("a whole header by SHA256.HashData", static (data, hash) =>
        {
            SHA256.HashData(data, hash);
            SHA256.HashData(hash[..Hash256.Size], hash);
        });
    }

    private static IEnumerable<HashKernel> ScryptBaselines()
    {
        if (OpenSslScrypt.IsPresent)
            yield return Baseline("OpenSSL's scrypt", OpenSslScrypt.Hash);
    }

    private static HashKernel Baseline(string name, HashFunction hash) =>
        new(name, 1, HashKernelRole.Baseline, "measured beside the kernels", () => NonceScanner.Create(hash));
}
