using System.Runtime.InteropServices;

namespace Stratum.Samples.Tests;

public sealed class OwnMethodTests
{
    [Fact]
    public async Task Server_EachOfItsMethods_AnswersAsItsCommentSays()
    {
        await using var sample = Sample.Start("OwnMethod", "0");
        await using var peer = await RawMiner.ConnectAsync(await sample.PortAsync());

        Assert.Equal("5", await peer.ResultAsync("sample.add", "[2,3]"));
        Assert.StartsWith("[20,", await peer.ErrorAsync("sample.add", """[2,"three"]"""));
        Assert.Equal("""{"id":1,"text":"LATE"}""", await peer.ResultAsync("sample.later", """["late"]"""));
        Assert.Equal("""{"accepted":0,"workers":["alice","bob"]}""",
            await peer.ResultAsync("sample.stats", """["alice","bob"]"""));
        Assert.Equal("""[7,"No",{"why":"because"}]""", await peer.ErrorAsync("sample.refuse", "[7]"));
        Assert.Equal("\"now\"", await peer.ResultAsync("sample.time", "[]"));
        Assert.Equal("""[-32,"Not from here",["admin"]]""", await peer.ErrorAsync("admin.stop", "[]"));
        Assert.StartsWith("[-3,", await peer.ErrorAsync("sample.unknown", "[]"));
        Assert.Equal(0, await sample.EndAsync(PosixSignal.SIGTERM));
    }
}
