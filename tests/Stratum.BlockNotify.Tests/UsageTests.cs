namespace Stratum.BlockNotify.Tests;

/// <summary>Exit code 2, and nobody is called.</summary>
public sealed class UsageTests
{
    private const string Hash = "00000000000000000002a7c4c1e48d76c5a37902165a270156b7a8d72728a054";

    [Theory]
    [InlineData("--hash HASH is missing")]
    [InlineData("--hash HASH is missing", "--type", "alert")]
    [InlineData("64 hexadecimal digits", "--hash", "abc")]
    [InlineData("64 hexadecimal digits", "--hash", Hash + "0")]
    [InlineData("64 hexadecimal digits", "--hash", "x" + "0000000000000000002a7c4c1e48d76c5a37902165a270156b7a8d72728a054")]
    [InlineData("64 hexadecimal digits", "--hash", "%s")]
    [InlineData("64 hexadecimal digits", "--type", "block", "--data", "abc")]
    [InlineData("--hash needs a value", "--hash")]
    [InlineData("--hash is for blocks", "--hash", Hash, "--data", Hash)]
    [InlineData("--hash is for blocks", "--hash", Hash, "--type", "alert")]
    [InlineData("--data needs --type", "--data", Hash)]
    [InlineData("--type must be block, wallet or alert", "--type", "tx", "--data", "x")]
    [InlineData("--port must be", "--hash", Hash, "--port", "0")]
    [InlineData("--port must be", "--hash", Hash, "--port", "65536")]
    [InlineData("--port must be", "--hash", Hash, "--port", "13e3")]
    [InlineData("--port must be", "--hash", Hash, "--port", "99999999999999999999")]
    [InlineData("--host is empty", "--hash", Hash, "--host=")]
    [InlineData("--timeout must be", "--hash", Hash, "--timeout", "0")]
    [InlineData("--timeout must be", "--hash", Hash, "--timeout", "fast")]
    [InlineData("--password is empty", "--hash", Hash, "--password", "")]
    [InlineData("one is enough", "--hash", Hash, "--password", "s3cret", "--password-file", "f")]
    [InlineData("There is no option --passwort", "--hash", Hash, "--passwort=s3cret")]
    [InlineData("Argument 3 is not an option", "--hash", Hash, "s3cret")]
    public async Task CommandLine_ThatIsWrong_IsToldWithoutSecrets(string reason, params string[] arguments)
    {
        var ended = await BlockNotifyProcess.RunAsync(arguments);

        var error = ended.OnlyError(code: 2);
        Assert.Contains(reason, error);
        Assert.EndsWith("See: blocknotify --help", error);
        Assert.DoesNotContain("s3cret", error);
    }

    [Fact]
    public async Task Help_NamesEveryOption()
    {
        var ended = await BlockNotifyProcess.RunAsync("--help");

        Assert.Equal((0, ""), (ended.Code, ended.Errors));
        foreach (var option in (string[])["host", "port", "source", "type", "data", "hash", "password", "password-file", "timeout", "help", "version"])
            Assert.Contains("--" + option, ended.Output);
        Assert.Contains("STRATUM_RPC_PASSWORD", ended.Output);
    }

    [Fact]
    public async Task Version_IsPrinted()
    {
        var ended = await BlockNotifyProcess.RunAsync("--version");

        Assert.Equal((0, ""), (ended.Code, ended.Errors));
        Assert.Matches(@"^\d+\.\d+\.\d+\n$", ended.Output);
    }
}
