namespace Stratum.Mining;

/// <summary>What an address pays to.</summary>
public enum AddressKind
{
    /// <summary>A public key hash (base58).</summary>
    PublicKeyHash,

    /// <summary>A script hash (base58).</summary>
    ScriptHash,

    /// <summary>Witness version 0, 20 bytes.</summary>
    WitnessPublicKeyHash,

    /// <summary>Witness version 0, 32 bytes.</summary>
    WitnessScriptHash,

    /// <summary>Witness version 1, 32 bytes.</summary>
    Taproot,

    /// <summary>Another witness version.</summary>
    WitnessUnknown,
}
