using System.Runtime.InteropServices;

namespace Stratum.Samples.Tests;

public sealed class ExtensionMembersTests
{
    [Fact]
    public async Task Server_ExtensionMembers_AnswerAsTheCommentsSay()
    {
        await using var sample = Sample.Start("ExtensionMembers", "0");
        var port = await sample.PortAsync();
        await using var alice = await RawMiner.ConnectAsync(port);
        await using var other = await RawMiner.ConnectAsync(port);
        Assert.Equal("""{"account":"","isIdle":false}""", await alice.ResultAsync("farm.me", "[]"));
        await LoginAsync(alice, "alice.1");
        await LoginAsync(other, "alice.2");

        Assert.Equal("""{"account":"alice","isIdle":false}""", await alice.ResultAsync("farm.me", "[]"));
        Assert.Equal("""{"alice":2}""", await alice.ResultAsync("farm.accounts", "[]"));
        Assert.Equal("true", await alice.ResultAsync("farm.tell", """[2,"your fan is \"loud\""]"""));
        Assert.Equal("your fan is \"loud\"", (await other.NotificationAsync("client.show_message"))[0].GetString());
        Assert.Equal("false", await alice.ResultAsync("farm.tell", """[77,"nobody"]"""));
        Assert.Equal(0, await sample.EndAsync(PosixSignal.SIGINT));
    }

    private static async Task LoginAsync(RawMiner miner, string worker)
    {
        await miner.ResultAsync("mining.subscribe", """["raw/1"]""");
        Assert.Equal("true", await miner.ResultAsync("mining.authorize", $"""["{worker}","x"]"""));
    }
}
