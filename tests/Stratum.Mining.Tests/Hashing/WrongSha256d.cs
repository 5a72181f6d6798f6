namespace Stratum.Mining.Tests;

/// <summary>16 nonces, one after the other by the plain kernel, and then something done to them.</summary>
internal sealed class WrongSha256d(Func<uint, uint> spoil) : ISha256dKernel
{
    private readonly Sha256dBlockKernel _plain = new(native: false);

    /// <summary>Bits that are set in every limit.</summary>
    public uint LimitMask { get; init; }

    public string Name => "wrong";

    public int Lanes => 16;

    public bool IsSupported => true;

    public string Strength => "none";

    public uint Candidates(in Sha256dWork work, uint first, uint limit)
    {
        var candidates = 0u;
        for (var lane = 0; lane < Lanes; lane++)
            candidates |= _plain.Candidates(work, first + (uint)lane, limit | LimitMask) << lane;
        return spoil(candidates);
    }
}
