using System.Runtime.InteropServices;

namespace Stratum.Server.Tests;

public sealed class LoopProbeTests
{
    [Fact]
    public void Problem_LinuxOnX64OrArm64_None()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64, "Linux");
        Assert.Null(LoopProbe.Problem);
    }

    [Fact]
    public void Try_LayoutOfTheOtherArchitecture_IsFoundOut()
    {
        var other = EpollLayout.Of(RuntimeInformation.ProcessArchitecture == Architecture.X64 ? Architecture.Arm64 : Architecture.X64);
        Assert.NotNull(LoopProbe.Try(other));
    }
}
