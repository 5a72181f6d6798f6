namespace Stratum.Mining;

/// <summary>The standard output scripts that have an address.</summary>
internal static class OutputScript
{
    public const byte HashSize = 20;

    private const byte OpDup = 0x76;
    private const byte OpHash160 = 0xa9;
    private const byte OpEqual = 0x87;
    private const byte OpEqualVerify = 0x88;
    private const byte OpCheckSig = 0xac;

    // OP_1 is 0x51; witness version 0 is OP_0, which is 0.
    private const byte OpBeforeOne = 0x50;

    public static byte[] ToKeyHash(ReadOnlySpan<byte> hash) =>
        [OpDup, OpHash160, HashSize, .. hash, OpEqualVerify, OpCheckSig];

    public static byte[] ToScriptHash(ReadOnlySpan<byte> hash) => [OpHash160, HashSize, .. hash, OpEqual];

    public static byte[] ToWitness(int version, ReadOnlySpan<byte> program) =>
        [(byte)(version == 0 ? 0 : OpBeforeOne + version), (byte)program.Length, .. program];

    /// <summary>Takes a script apart; <paramref name="payload"/> is the hash or the witness program.</summary>
    public static bool TryRead(
        ReadOnlySpan<byte> script, out AddressKind kind, out int version, out ReadOnlySpan<byte> payload)
    {
        version = 0;
        switch (script)
        {
            case [OpDup, OpHash160, HashSize, .. var hash, OpEqualVerify, OpCheckSig] when hash.Length == HashSize:
                kind = AddressKind.PublicKeyHash;
                payload = hash;
                return true;
            case [OpHash160, HashSize, .. var hash, OpEqual] when hash.Length == HashSize:
                kind = AddressKind.ScriptHash;
                payload = hash;
                return true;
            case [var op and (0 or (> OpBeforeOne and <= OpBeforeOne + 16)), var length, .. var program]
                when program.Length == length:
                version = op == 0 ? 0 : op - OpBeforeOne;
                kind = KindOf(version, length);
                payload = program;
                return Bech32.WhatIsWrong(version, length) is null;
            default:
                kind = default;
                payload = default;
                return false;
        }
    }

    public static AddressKind KindOf(int version, int length) => (version, length) switch
    {
        (0, HashSize) => AddressKind.WitnessPublicKeyHash,
        (0, _) => AddressKind.WitnessScriptHash,
        (1, 32) => AddressKind.Taproot,
        _ => AddressKind.WitnessUnknown,
    };
}
