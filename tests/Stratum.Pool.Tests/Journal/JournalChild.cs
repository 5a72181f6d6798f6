using System.Diagnostics;
using Stratum.Testing;
using static Stratum.Pool.Tests.JournalFixture;

namespace Stratum.Pool.Tests;

/// <summary>What another process does with a journal: explicit tests, which other tests start as a process.</summary>
public class JournalChild
{
    private const string FileVariable = "STRATUM_TEST_JOURNAL";

    [Fact(Explicit = true)]
    public async Task WritesUntilKilled()
    {
        var file = Environment.GetEnvironmentVariable(FileVariable)!;
        using var journal = BlockJournal.Open(file);
        using var done = new FileStream(file + ".done", FileMode.Create, FileAccess.Write, FileShare.ReadWrite, 0);
        for (var number = 0; ; number++)
        {
            await journal.AddAsync(Block(number, 80 + number * 977 % 300_000));
            done.Write("."u8);
        }
    }

    [Fact(Explicit = true)]
    public void MayNotOpen()
    {
        var file = Environment.GetEnvironmentVariable(FileVariable)!;
        var error = Assert.Throws<JournalException>(() => BlockJournal.Open(file));
        Assert.Equal(JournalProblem.NotAllowed, error.Problem);
        Assert.Contains(file, error.Message);
        Assert.Contains($"may not be opened by {Environment.UserName}", error.Message);
    }

    [Fact(Explicit = true)]
    public void MayNotRead()
    {
        var file = Environment.GetEnvironmentVariable(FileVariable)!;
        var error = Assert.Throws<JournalException>(() => BlockJournal.Read(file));
        Assert.Equal(JournalProblem.NotAllowed, error.Problem);
    }

    /// <summary>Starts one of these. Root may do anything, so what may not be done is tried as somebody else.</summary>
    internal static Process Start(string test, string file, bool unprivileged = false)
    {
        string[] command = ["dotnet", typeof(JournalChild).Assembly.Location, "-method", $"{typeof(JournalChild).FullName}.{test}", "-explicit", "only"];
        if (unprivileged && Environment.IsPrivilegedProcess)
            command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", .. command];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true };
        start.Environment[FileVariable] = file;
        start.Environment["HOME"] = Path.GetTempPath();
        return Process.Start(start)!;
    }

    internal static async Task SucceedsAsync(string test, string file)
    {
        using var child = Start(test, file, unprivileged: true);
        var output = await child.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
        Assert.Contains("Total: 1, Errors: 0, Failed: 0", output);
    }
}
