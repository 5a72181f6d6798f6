namespace Stratum.Cli;

/// <summary>Where the command keeps what must survive it: <c>$XDG_STATE_HOME/stratum</c>, by default
/// <c>~/.local/state/stratum</c>; on Windows the local application data.</summary>
internal static class StateFolder
{
    /// <summary>The path of a file or folder in it. Nothing is made.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="otherwise">What says where else, where there is no home folder.</param>
    /// <exception cref="UsageException">There is no home folder.</exception>
    public static string Path(string name, string otherwise)
    {
        var home = OperatingSystem.IsWindows()
            ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } state && System.IO.Path.IsPathRooted(state) ? state
            : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } user
                ? System.IO.Path.Combine(user, ".local", "state")
            : "";
        return home.Length > 0
            ? System.IO.Path.Combine(home, "stratum", name)
            : throw new UsageException($"There is no home folder to keep {name} in: say where by {otherwise}.");
    }
}
