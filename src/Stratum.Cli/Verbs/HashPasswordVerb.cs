using System.CommandLine;
using System.Text.Json.Nodes;
using Stratum.Rpc;

namespace Stratum.Cli;

/// <summary><c>hash-password</c>: a password in, what the RPC server's options hold of it out.</summary>
internal static class HashPasswordVerb
{
    public static Command Create()
    {
        var json = CommonOptions.Json();
        var command = new Command(
            "hash-password", "Read a password from the terminal, or the first line of standard input, and print its SHA-256.")
        {
            json,
        };
        command.SetAction(async (result, stop) =>
        {
            var password = await ReadAsync(stop);
            if (password.Length == 0)
                throw new UsageException("The password is empty: type one, or give it as the first line of standard input.");
            var hash = RpcPassword.Hash(password);
            Console.WriteLine(result.GetValue(json) ? new JsonObject { ["sha256"] = hash }.ToJsonString() : hash);
            return Runner.Done;
        });
        return command;
    }

    // A read knows no token: at a signal it is left alone, and the process ends.
    private static async Task<string> ReadAsync(CancellationToken stop)
    {
        if (Console.IsInputRedirected)
            return await Task.Run(() => Console.In.ReadLine() ?? "", CancellationToken.None).WaitAsync(stop);
        using var terminal = new HiddenInput();
        return await Task.Run(() => ReadTwice(terminal), CancellationToken.None).WaitAsync(stop);
    }

    private static string ReadTwice(HiddenInput terminal)
    {
        var password = terminal.Read("Password: ");
        return password.Length == 0 || terminal.Read("Again: ") == password
            ? password
            : throw new UsageException("The two passwords differ: nothing was printed; try again.");
    }
}
