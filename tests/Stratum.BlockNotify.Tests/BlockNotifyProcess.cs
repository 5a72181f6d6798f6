using System.Diagnostics;

namespace Stratum.BlockNotify.Tests;

/// <summary>The program as a daemon runs it: its apphost, in a process of its own.</summary>
internal static class BlockNotifyProcess
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "Stratum.BlockNotify");

    public static Task<Ended> RunAsync(params string[] arguments) => RunAsync(Start(arguments));

    public static async Task<Ended> RunAsync(Process process)
    {
        using (process)
        {
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            using var deadline = new CancellationTokenSource(s_patience);
            try
            {
                await process.WaitForExitAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill();
                throw new TimeoutException($"It did not end within {s_patience}.");
            }
            return new Ended(process.ExitCode, await output, await errors);
        }
    }

    public static Process Start(params string[] arguments) => Start(Path, arguments, password: null);

    public static Process StartWithEnvironment(string password, params string[] arguments) => Start(Path, arguments, password);

    /// <summary>As daemons do it: one text that a shell takes apart.</summary>
    public static Process StartByShell(string command) => Start("/bin/sh", ["-c", command], password: null);

    private static Process Start(string program, string[] arguments, string? password)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment.Remove("STRATUM_RPC_PASSWORD");
        if (password is not null)
            start.Environment["STRATUM_RPC_PASSWORD"] = password;
        return Process.Start(start)!;
    }

    internal sealed record Ended(int Code, string Output, string Errors)
    {
        /// <summary>It failed, with one line that begins with the program's name.</summary>
        public string OnlyError(int code)
        {
            Assert.Equal(code, Code);
            Assert.Equal("", Output);
            Assert.StartsWith("blocknotify: ", Errors);
            Assert.Equal(Errors.Length - 1, Errors.IndexOf('\n'));
            Assert.DoesNotContain(Errors.TrimEnd('\n'), char.IsControl);
            return Errors.TrimEnd('\n');
        }

        /// <summary>It said nothing and is content.</summary>
        public void IsDone() => Assert.Equal((0, "", ""), (Code, Output, Errors));
    }
}
