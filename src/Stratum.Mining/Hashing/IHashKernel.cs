namespace Stratum.Mining;

/// <summary>One way to compute an algorithm here, for several nonces side by side. Has no state.</summary>
internal interface IHashKernel
{
    /// <summary>For the start line.</summary>
    string Name { get; }

    /// <summary>Nonces at a time.</summary>
    int Lanes { get; }

    /// <summary>Whether it runs here.</summary>
    bool IsSupported { get; }

    /// <summary>Why it is expected to be the fastest where it is chosen.</summary>
    string Strength { get; }
}
