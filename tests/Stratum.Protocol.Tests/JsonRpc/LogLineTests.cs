namespace Stratum.Protocol.Tests;

public sealed class LogLineTests
{
    [Theory]
    [InlineData("""{"id":1,"method":"mining.authorize","params":["u","hunter2"]}""")]
    [InlineData("""{"id":1,"method":"mining.authorize","params":["hunter2"]}""")]
    [InlineData("""{"id":1,"method":"mining.authorize","params":["u",null,"hunter2"]}""")]
    [InlineData("""{"id":1,"method":"mining.authorize","params":[["u","hunter2"]]}""")]
    [InlineData("""{"id":1,"method":"mining.authorize","params":{"user":"u","password":"hunter2"}}""")]
    [InlineData("""{"id":1,"method":"mining.authorize","params":"hunter2"}""")]
    [InlineData("""{"id":1,"method":"mining.authorize","params":["u"],"password":"hunter2"}""")]
    [InlineData("""{"id":1,"method":"mining.\u0061uthorize","params":["u","hunter2"]}""")]
    [InlineData("""{"id":1,"m\u0065thod":"mining.authorize","par\u0061ms":["u","hunter2"]}""")]
    [InlineData("""{"params":["u","hunter2"],"id":1,"method":"mining.authorize"}""")]
    [InlineData("""{"id":1,"method":"mining.Authorize","params":["u","hunter2"]}""")]
    [InlineData("""{"id":1,"method":"mining.auth","params":["u","hunter2"]}""")]
    [InlineData("""{"id":1,"method":"mining.authorise","params":["u","hunter2"]}""")]
    [InlineData("""{"id":1,"method":"eth_submitLogin","worker":"hunter2","params":["u","hunter2"]}""")]
    [InlineData("""{"id":1,"jsonrpc":"2.0","method":"login","params":{"login":"u","pass":"hunter2","agent":"a"}}""")]
    [InlineData("""{"id":1,"method":"mining.subscribe","params":[],"pass":"hunter2"}""")]
    [InlineData("""{"id":1,"result":true,"error":null,"params":["u","hunter2"]}""")]
    [InlineData("""{"id":1,"method":"mining.authorize","params":["u","hunter2""")]
    [InlineData("""{"id":1,"method":"mining.\u0061uthorize","params":["u","hunter2"]""")]
    [InlineData("""{'id':1,'method':'mining.authorize','params':['u','hunter2']}""")]
    [InlineData("""[{"id":1,"method":"mining.authorize","params":["u","hunter2"]}]""")]
    [InlineData("""{"id":1,"method":["mining.authorize"],"params":["u","hunter2"]}""")]
    [InlineData("""{"id":1,"params":["u","hunter2"]}""")]
    [InlineData("""{"id":1,"method":"mining.ping"}{"id":2,"method":"mining.authorize","params":["u","hunter2"]}""")]
    [InlineData("""u hunter2""")]
    [InlineData("""Authorization: Basic hunter2""")]
    public void Of_LineThatMayHoldAPassword_DoesNotShowIt(string line)
    {
        string shown = LogLine.Of(Lines.Utf8(line));

        Assert.NotEqual("", shown);
        Assert.DoesNotContain("hunter2", shown);
    }

    [Theory]
    [InlineData("""{"id":4,"method":"mining.submit","params":["w","1","00","5e","0a"]}""")]
    [InlineData("""{"id":null,"method":"mining.notify","params":["1","00",[],true]}""")]
    [InlineData("""{"id":"a","method":"mining.subscribe","params":["agent/1"]}""")]
    [InlineData("""{"id":1,"result":[["a"]],"error":null}""")]
    [InlineData("""{"id":1,"result":null,"error":[24,"No",null]}""")]
    [InlineData("""{"id":1,"result":false,"error":null,"reject-reason":"Stale"}""")]
    public void Of_WhatTheLibraryKnows_IsShownAsItIs(string line) =>
        Assert.Equal(line, LogLine.Of(Lines.Utf8(line + "\n")));

    [Theory]
    [InlineData("""{"id":1,"method":"mining.authorize","params":["u","x"]}""", """{"id":1,"method":"mining.authorize","params":(not shown)}""")]
    [InlineData("""{"method":"mining.hashes","params":[5]}""", """{"id":(none),"method":"mining.hashes","params":(not shown)}""")]
    [InlineData("what is this\r\n", "(12 bytes that are no message)")]
    public void Of_OtherLines_SaysWhatTheyWere(string line, string expected) => Assert.Equal(expected, LogLine.Of(Lines.Utf8(line)));

    [Fact]
    public void Of_LongName_IsCut() => Assert.InRange(
        LogLine.Of(Lines.Utf8($$"""{"id":1,"method":"{{new string('m', 10_000)}}"}""")).Length, 64, 120);

    [Fact]
    public void Of_EscapesAndControls_DoNotPaint()
    {
        string shown = LogLine.Of(Lines.Utf8("""{"id":1,"method":"\u001b[2J\u0007\u009b","params":[]}"""));

        Assert.DoesNotContain(shown, char.IsControl);
        Assert.Contains("\uFFFD[2J\uFFFD\uFFFD", shown);
    }
}
