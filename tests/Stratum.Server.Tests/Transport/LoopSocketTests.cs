namespace Stratum.Server.Tests;

/// <summary>Alone: descriptors are the whole process's.</summary>
[Collection("alone")]
public sealed class LoopSocketTests
{
    [Fact]
    public void Cut_AfterTheClose_LeavesTheNumberAlone()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux");
        var socket = new LoopSocket(NewFile());
        socket.Close();
        // The lowest free number is given out next.
        var successor = NewFile();
        Assert.Equal(socket.Number, successor);
        socket.Cut();
        Assert.False(socket.IsCut);
        Assert.True(IsOpen(successor));
        Assert.Equal(0, Libc.Close(successor));
    }

    [Fact]
    public void CutAndClose_AtTheSameTime_ClosedOnce()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux");
        for (var round = 0; round < 2000; round++)
        {
            var one = new Holder(NewFile());
            Parallel.Invoke(() => one.Socket.Cut(), () => one.Socket.Cut(), () => one.Socket.Close());
            Assert.False(IsOpen(one.Socket.Number));
        }
    }

    private static int NewFile()
    {
        var file = Libc.EventCreate(0, Libc.CloseOnExec);
        Assert.True(file >= 0);
        return file;
    }

    private static bool IsOpen(int file) => Path.Exists($"/proc/self/fd/{file}");

    private sealed class Holder(int number)
    {
        public LoopSocket Socket = new(number);
    }
}
