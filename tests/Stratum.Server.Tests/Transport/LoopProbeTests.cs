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
    public void Trial_FailsAtFirst_IsTriedAgainUntilItWorks()
    {
        var (tries, problem) = (0, "Too many open files");
        var trial = new Trial(() =>
        {
            tries++;
            return problem;
        });
        Assert.Equal("Too many open files", trial.Problem);
        problem = null;
        Assert.Null(trial.Problem);
        Assert.Null(trial.Problem);
        Assert.Equal(2, tries);
    }

    [Fact]
    public void Try_LayoutOfTheOtherArchitecture_IsFoundOut()
    {
        var other = EpollLayout.Of(RuntimeInformation.ProcessArchitecture == Architecture.X64 ? Architecture.Arm64 : Architecture.X64);
        Assert.NotNull(LoopProbe.Try(other));
    }
}
