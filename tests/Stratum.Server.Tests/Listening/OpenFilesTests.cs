namespace Stratum.Server.Tests;

public sealed class OpenFilesTests
{
    [Theory]
    [InlineData(256, 32)]
    [InlineData(1024, 64)]
    [InlineData(20_000, 256)]
    [InlineData(1_000_000, 256)]
    public void Reserve_OfALimit_IsKeptFromConnections(long limit, long reserve)
    {
        var files = new OpenFiles(limit);
        Assert.Equal((reserve, limit - reserve), (files.Reserve, files.MostConnections));
        Assert.True(files.Allows(limit - reserve - 1));
        Assert.False(files.Allows(limit - reserve));
    }

    [Fact]
    public void MostConnections_LimitBelowTheReserve_None() => Assert.Equal(0, new OpenFiles(16).MostConnections);

    [Theory]
    [InlineData("Max open files            1024                 524288               files     ", 1024)]
    [InlineData("Max open files            unlimited            unlimited            files     ", long.MaxValue)]
    [InlineData("Max processes             94038                94038                processes ", long.MaxValue)]
    public void Read_LineOfProc_SoftLimit(string line, long limit) =>
        Assert.Equal(limit, OpenFiles.Read(["Limit                     Soft Limit           Hard Limit           Units     ", line]).Limit);

    [Fact]
    public void OfProcess_Linux_IsKnown()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux");
        Assert.InRange(OpenFiles.OfProcess().Limit, 64, long.MaxValue);
    }
}
