namespace Stratum.Cli;

/// <summary>The options contradict each other or name something that is not there: exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
