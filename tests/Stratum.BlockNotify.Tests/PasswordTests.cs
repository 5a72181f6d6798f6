using System.Text;
using Stratum.Testing;

namespace Stratum.BlockNotify.Tests;

public sealed class PasswordTests
{
    private const string Hash = "00000000000000000002a7c4c1e48d76c5a37902165a270156b7a8d72728a054";

    [Theory]
    [InlineData("s3cret", "s3cret")]
    [InlineData("s3cret\n", "s3cret")]
    [InlineData("s3cret\r\nsecond line\n", "s3cret")]
    [InlineData("\uFEFFs3cret\n", "s3cret")]
    [InlineData(" with spaces \n", " with spaces ")]
    [InlineData("pässwörd\n", "pässwörd")]
    public async Task PasswordFile_FirstLine_IsThePassword(string content, string password)
    {
        using var folder = new TempFolder();
        await using var server = Receiver.Start();

        (await BlockNotifyProcess.RunAsync("--port", server.Port, "--hash", Hash, "--password-file", folder.Write("p", content))).IsDone();

        Assert.Contains($"[\"{Base64(password)}\",\"{Hash}\"", await server.LineAsync());
    }

    [Fact]
    public async Task PasswordFile_ThatIsAPipe_IsRead()
    {
        await using var server = Receiver.Start();

        (await BlockNotifyProcess.RunAsync(BlockNotifyProcess.StartByShell(
            $"(printf s3; sleep 0.1; printf 'cret\\n') | '{BlockNotifyProcess.Path}' --port {server.Port} --hash {Hash} --password-file /dev/stdin"))).IsDone();

        Assert.Contains(Base64("s3cret"), await server.LineAsync());
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("\nsecond\n", "is empty")]
    [InlineData(null, "Could not find file")]
    public async Task PasswordFile_WithoutPassword_IsBadUsage(string? content, string reason)
    {
        using var folder = new TempFolder();
        if (content is not null)
            folder.Write("p", content);

        var ended = await BlockNotifyProcess.RunAsync("--hash", Hash, "--password-file", folder.File("p"));

        Assert.Contains(reason, ended.OnlyError(code: 2));
    }

    [Fact]
    public async Task PasswordFile_OfALongLine_IsBadUsage()
    {
        using var folder = new TempFolder();

        var ended = await BlockNotifyProcess.RunAsync("--hash", Hash, "--password-file", folder.Write("p", new string('x', 100_000)));

        Assert.Contains("longer than 4096 bytes", ended.OnlyError(code: 2));
    }

    [Fact]
    public async Task Environment_WithoutOption_IsThePassword()
    {
        await using var server = Receiver.Start();

        (await BlockNotifyProcess.RunAsync(BlockNotifyProcess.StartWithEnvironment("from it", "--port", server.Port, "--hash", Hash))).IsDone();

        Assert.Contains($"[\"{Base64("from it")}\",", await server.LineAsync());
    }

    [Fact]
    public async Task Environment_WithOption_IsNotAsked()
    {
        await using var server = Receiver.Start();

        (await BlockNotifyProcess.RunAsync(
            BlockNotifyProcess.StartWithEnvironment("from it", "--port", server.Port, "--hash", Hash, "--password", "given"))).IsDone();

        Assert.Contains($"[\"{Base64("given")}\",", await server.LineAsync());
    }

    [Fact]
    public async Task Environment_Empty_IsNoPassword()
    {
        await using var server = Receiver.Start();

        (await BlockNotifyProcess.RunAsync(BlockNotifyProcess.StartWithEnvironment("", "--port", server.Port, "--hash", Hash))).IsDone();

        Assert.Contains($"[\"{Hash}\",", await server.LineAsync());
    }

    // What others on the machine can see of it while it waits for its answer.
    [Fact]
    public async Task PasswordFile_WhileItRuns_IsInNoProcessList()
    {
        using var folder = new TempFolder();
        await using var server = Receiver.Silent();
        using var process = BlockNotifyProcess.Start(
            "--port", server.Port, "--hash", Hash, "--password-file", folder.Write("p", "s3cret\n"));
        try
        {
            Assert.Contains(Base64("s3cret"), await server.LineAsync());

            foreach (var file in (string[])["cmdline", "environ"])
            {
                var shown = await File.ReadAllTextAsync($"/proc/{process.Id}/{file}");
                Assert.NotEqual("", shown);
                Assert.DoesNotContain("s3cret", shown);
                Assert.DoesNotContain(Base64("s3cret"), shown);
            }
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
