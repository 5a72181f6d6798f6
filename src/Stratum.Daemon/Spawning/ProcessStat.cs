using System.Globalization;

namespace Stratum.Daemon;

/// <summary>What the first fields of /proc/PID/stat say of a process. Pid and start time together name one process for
/// as long as the machine runs.</summary>
/// <param name="Pid">Its number.</param>
/// <param name="State">One letter; Z and X have ended.</param>
/// <param name="Session">The session that it belongs to: its own pid when it leads one.</param>
/// <param name="Start">When it began, in the kernel's ticks since boot.</param>
internal sealed record ProcessStat(int Pid, char State, int Session, ulong Start)
{
    // Counted from the state, which follows the name in parentheses; proc(5).
    private const int SessionField = 3;
    private const int StartField = 19;

    public bool HasEnded => State is 'Z' or 'X';

    /// <summary>Null when there is no such process.</summary>
    public static ProcessStat? Of(int pid) => Read($"/proc/{pid}/stat");

    /// <summary>The process that a file with such a line tells of, if it still runs.</summary>
    public static ProcessStat? Recorded(string file) =>
        Read(file) is { } then && Of(then.Pid) is { HasEnded: false } now && now.Start == then.Start ? now : null;

    private static ProcessStat? Read(string file)
    {
        // Anything may stand in the name, a parenthesis too.
        string line = PrivateFile.ReadLine(file) ?? "";
        int nameEnd = line.LastIndexOf(')');
        string[] fields = nameEnd < 0 ? [] : line[(nameEnd + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > StartField
            && int.TryParse(line.Split(' ', 2)[0], NumberStyles.None, CultureInfo.InvariantCulture, out int pid)
            && int.TryParse(fields[SessionField], NumberStyles.None, CultureInfo.InvariantCulture, out int session)
            && ulong.TryParse(fields[StartField], NumberStyles.None, CultureInfo.InvariantCulture, out ulong start)
            ? new ProcessStat(pid, fields[0][0], session, start)
            : null;
    }
}
