using System.Diagnostics;
using System.Text;

namespace Stratum.Cli;

/// <summary>
/// Lines from the terminal that are not shown there, as <c>read -s</c> of a shell: the terminal itself edits the line,
/// and its echo is off from before the prompt until this is disposed. (Console.ReadKey hides only what arrives while
/// it waits: of a pasted password parts would show.)
/// </summary>
internal sealed class HiddenInput : IDisposable
{
    // What is longer is no password, and a file that was typed into the terminal must not be kept.
    private const int MaxBytes = 4096;
    private const string Terminal = "/dev/tty";

    // Not the console's input: that one edits and shows the line itself.
    private readonly FileStream _input = new(Terminal, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);

    public HiddenInput() => SetEcho("-echo");

    public string Read(string prompt)
    {
        // Standard output is for the result alone.
        Console.Error.Write(prompt);
        var line = new List<byte>();
        while (_input.ReadByte() is var read and >= 0 && read != '\n' && line.Count < MaxBytes)
            line.Add((byte)read);
        Console.Error.WriteLine();
        return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
    }

    public void Dispose()
    {
        SetEcho("echo");
        _input.Dispose();
    }

    private static void SetEcho(string setting)
    {
        // With every stream redirected: after a child that shares the terminal .NET sets it back to what it was before.
        var start = new ProcessStartInfo("sh", ["-c", $"stty {setting} < {Terminal}"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var stty = Process.Start(start);
        stty?.WaitForExit();
        if (stty is not { ExitCode: 0 })
            throw new IOException("The terminal does not let its echo be turned off: give the password as the first line of standard input.");
    }
}
