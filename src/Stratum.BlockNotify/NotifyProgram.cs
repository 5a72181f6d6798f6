namespace Stratum.BlockNotify;

/// <summary>
/// <c>blocknotify</c>: tells the JSON-RPC server of a pool what happened in a coin daemon. A daemon starts it for every
/// block, so what is not needed to send the request is not touched before it is sent: no console, no JSON library, no
/// task.
/// </summary>
public static class NotifyProgram
{
    private const int Done = 0;
    private const int Failed = 1;
    private const int BadUsage = 2;

    /// <summary>Runs the program.</summary>
    /// <param name="arguments">The command line, without the program's name; <c>--help</c> prints what may be in it.</param>
    /// <param name="program">What it is called here.</param>
    /// <returns>
    /// The exit code: 0 when the server has taken the notification; 1 when it has not, and one line on standard error
    /// says why; 2 for bad usage.
    /// </returns>
    public static int Run(string[] arguments, string program = "blocknotify")
    {
        var options = NotifyOptions.Parse(arguments);
        if (options.Print is not null)
            return Print(options.Print, program);
        if (options.Error is not null)
            return Say($"{options.Error} See: {program} --help", program, BadUsage);
        var failure = RpcCall.Run(options);
        return failure is null ? Done : Say(failure, program, Failed);
    }

    private static int Print(string text, string program)
    {
        Console.Out.WriteLine(text.Replace("PROGRAM", program, StringComparison.Ordinal));
        return Done;
    }

    // What the other side said is in it: one line, and nothing that paints on a terminal.
    private static int Say(string text, string program, int code)
    {
        Console.Error.WriteLine($"{program}: {string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c))}");
        return code;
    }
}
