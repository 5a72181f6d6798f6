using Stratum.Testing;

namespace Stratum.Daemon.Tests;

public sealed class OutputTailTests
{
    [Fact]
    public void Read_LongOutput_IsItsLastLinesCutAndPrintable()
    {
        using var temp = new TempFolder();
        string file = temp.File("output");
        File.WriteAllText(file, string.Concat(Enumerable.Range(0, 100_000).Select(i => $"line {i}\n"))
            + new string('x', 5000) + "\n\n\u001b[31mred\a\r\n");

        IReadOnlyList<string> lines = OutputTail.Read(file);

        Assert.Equal(10, lines.Count);
        Assert.Equal("[31mred", lines[^1]);
        Assert.Equal(new string('x', 400) + "...", lines[^2]);
        Assert.Equal("line 99999", lines[^3]);
    }

    [Fact]
    public void Read_NoFileOrOddBytes_IsWhatCanBeRead()
    {
        using var temp = new TempFolder();
        File.WriteAllBytes(temp.File("odd"), [0xff, 0xfe, (byte)'a', 0]);

        Assert.Empty(OutputTail.Read(temp.File("nothing")));
        Assert.EndsWith("a", Assert.Single(OutputTail.Read(temp.File("odd"))));
    }

    [Fact]
    public void Trim_LargeFile_IsEmptiedAndASmallOneKept()
    {
        using var temp = new TempFolder();
        File.WriteAllBytes(temp.File("large"), new byte[(4 << 20) + 1]);
        File.WriteAllBytes(temp.File("small"), new byte[1000]);

        OutputTail.Trim(temp.File("large"));
        OutputTail.Trim(temp.File("small"));
        OutputTail.Trim(temp.File("nothing"));

        Assert.Equal(0, new FileInfo(temp.File("large")).Length);
        Assert.Equal(1000, new FileInfo(temp.File("small")).Length);
    }
}
