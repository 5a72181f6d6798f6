using System.Net;
using System.Text;
using System.Text.Json;
using Stratum.Testing;

namespace Stratum.BlockNotify.Tests;

/// <summary>What arrives at the server.</summary>
public sealed class CallTests
{
    private const string Hash = "00000000000000000002a7c4c1e48d76c5a37902165a270156b7a8d72728a054";

    [Fact]
    public async Task Hash_WithPassword_IsTheOlderCall()
    {
        await using var server = Receiver.Start();

        (await BlockNotifyProcess.RunAsync("--port", server.Port, "--password", "pass", "--hash", Hash)).IsDone();

        Assert.Equal($$"""{"method":"mining.update_block","params":["cGFzcw==","{{Hash}}","bitcoin"],"id":1}""" + "\n", await server.LineAsync());
    }

    [Fact]
    public async Task Hash_WithoutPassword_HasNoParameterForIt()
    {
        await using var server = Receiver.Start();

        (await BlockNotifyProcess.RunAsync("--port", server.Port, "--hash", Hash, "--source", "litecoin")).IsDone();

        Assert.Equal($$"""{"method":"mining.update_block","params":["{{Hash}}","litecoin"],"id":1}""" + "\n", await server.LineAsync());
    }

    [Theory]
    [InlineData("block")]
    [InlineData("wallet")]
    [InlineData("alert")]
    public async Task Type_WithData_CallsItsMethod(string type)
    {
        await using var server = Receiver.Start();

        (await BlockNotifyProcess.RunAsync($"--port={server.Port}", $"--type={type}", $"--data={Hash}", "--password=pass")).IsDone();

        Assert.Equal($$"""{"method":"mining.{{type}}","params":["cGFzcw==","{{Hash}}","bitcoin"],"id":1}""" + "\n", await server.LineAsync());
    }

    [Theory]
    [InlineData("127.0.0.1", "localhost")]
    [InlineData("127.0.0.1", "LOCALHOST")]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("::1", "localhost")]
    [InlineData("::1", "::1")]
    [InlineData("::1", "[::1]")]
    public async Task Host_OfEitherFamily_IsReached(string listens, string host)
    {
        await using var server = Receiver.StartOn(IPAddress.Parse(listens));

        (await BlockNotifyProcess.RunAsync("--host", host, "--port", server.Port, "--hash", Hash)).IsDone();

        Assert.Contains(Hash, await server.LineAsync());
    }

    [Fact]
    public async Task SameBlock_Twice_IsTwoCalls()
    {
        await using var server = Receiver.Start();

        (await BlockNotifyProcess.RunAsync("--port", server.Port, "--hash", Hash)).IsDone();
        (await BlockNotifyProcess.RunAsync("--port", server.Port, "--hash", Hash)).IsDone();

        Assert.Equal(await server.LineAsync(), await server.LineAsync());
    }

    [Theory]
    [InlineData("alert", "")]
    [InlineData("alert", "it's \"quoted\" \\ and \\\" escaped")]
    [InlineData("alert", "line\nfeed\r\n\ttab\b\f\u0001\u001f\u007f")]
    [InlineData("wallet", "$(touch /x); `touch /x` | > /x && $HOME ${IFS} * ? ~ ! # %s %n")]
    [InlineData("wallet", "--help")]
    [InlineData("alert", "--hash=00")]
    [InlineData("alert", "@file")]
    [InlineData("alert", "日本 \U0001F600 \u0000A\u2028\uFFFF")]
    [InlineData("alert", "\"],\"id\":2}\n{\"method\":\"mining.block\",\"params\":[\"")]
    public async Task Data_OfAnyKind_ArrivesAsItWasSent(string type, string data)
    {
        // No argument can hold the character 0.
        data = data.Replace("\u0000", "");
        await using var server = Receiver.Start();

        (await BlockNotifyProcess.RunAsync("--port", server.Port, "--type", type, "--data", data)).IsDone();

        var call = await server.CallAsync();
        Assert.Equal(Encoding.UTF8.GetBytes(data), DataOf(call));
        Assert.Equal(call.Length - 1, Array.IndexOf(call, (byte)'\n'));
        server.HasNoCall();
    }

    [Fact]
    public async Task Data_OfAHundredKilobytes_ArrivesWhole()
    {
        var data = string.Concat(Enumerable.Repeat("0123456789'\"\n\\", 7000));
        await using var server = Receiver.Start();

        (await BlockNotifyProcess.RunAsync("--port", server.Port, "--type", "alert", "--data", data)).IsDone();

        Assert.Equal(Encoding.UTF8.GetBytes(data), DataOf(await server.CallAsync()));
    }

    // No text can have such bytes and JSON is text: the reader gets the usual mark in their place, not broken JSON.
    [Fact]
    public async Task Data_WithBytesThatAreNoUtf8_ArrivesWithMarksForThem()
    {
        await using var server = Receiver.Start();

        (await BlockNotifyProcess.RunAsync(BlockNotifyProcess.StartByShell(
            $"exec '{BlockNotifyProcess.Path}' --port {server.Port} --type alert --data \"$(printf 'a\\377\\376b')\""))).IsDone();

        Assert.Equal("a\uFFFD\uFFFDb", Encoding.UTF8.GetString(DataOf(await server.CallAsync())));
    }

    // A daemon puts the text between single quotes and gives the whole to a shell.
    [Fact]
    public async Task Alert_OfADaemon_ReachesNoShell()
    {
        using var folder = new TempFolder();
        var text = $"\"; touch {folder.Path}/a; $(touch {folder.Path}/b) `touch {folder.Path}/c`";
        await using var server = Receiver.Start();

        (await BlockNotifyProcess.RunAsync(BlockNotifyProcess.StartByShell(
            $"'{BlockNotifyProcess.Path}' --port {server.Port} --type alert --data '{text}'"))).IsDone();

        Assert.Equal(text, Encoding.UTF8.GetString(DataOf(await server.CallAsync())));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    private static byte[] DataOf(byte[] call)
    {
        using var json = JsonDocument.Parse(call);
        Assert.Equal(1, json.RootElement.GetProperty("id").GetInt32());
        var parameters = json.RootElement.GetProperty("params");
        Assert.Equal(["bitcoin"], parameters.EnumerateArray().Skip(1).Select(value => value.GetString()));
        return Encoding.UTF8.GetBytes(parameters[0].GetString()!);
    }
}
