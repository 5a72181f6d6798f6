using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Stratum.Mining.Tests;

public unsafe class LibcryptoTests
{
    [Fact]
    public void Find_NoSuchLibrary_IsNull() => Assert.True(Libcrypto.Find("libnowhere.so.7") == null);

    [Fact]
    public void Find_LibraryWithoutTheFunction_IsNull()
    {
        Assert.SkipUnless(NativeLibrary.TryLoad("libc.so.6", out _), "There is no libc.so.6 here.");
        Assert.True(Libcrypto.Find("libc.so.6") == null);
    }

    [Fact]
    public void IsRight_RightTransform_IsTrue() => Assert.True(Libcrypto.IsRight(&Right));

    [Fact]
    public void IsRight_TransformThatMissesABit_IsFalse() => Assert.False(Libcrypto.IsRight(&Wrong));

    [Fact]
    public void IsRight_TransformThatWritesBehindTheState_IsFalse() => Assert.False(Libcrypto.IsRight(&TooFar));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Right(uint* state, byte* block) => ManagedSha256.Compress(state, block);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Wrong(uint* state, byte* block)
    {
        ManagedSha256.Compress(state, block);
        state[7] ^= 1;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void TooFar(uint* state, byte* block)
    {
        ManagedSha256.Compress(state, block);
        state[8] = 0;
    }
}
