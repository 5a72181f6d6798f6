namespace Stratum.Protocol.Tests;

public sealed class MethodsTests
{
    public static TheoryData<string, MethodKind> Names => new()
    {
        { "mining.subscribe", MethodKind.Subscribe },
        { "mining.authorize", MethodKind.Authorize },
        { "mining.submit", MethodKind.Submit },
        { "mining.configure", MethodKind.Configure },
        { "mining.extranonce.subscribe", MethodKind.ExtranonceSubscribe },
        { "mining.suggest_difficulty", MethodKind.SuggestDifficulty },
        { "mining.suggest", MethodKind.SuggestDifficulty },
        { "mining.suggest_target", MethodKind.SuggestTarget },
        { "mining.get_transactions", MethodKind.GetTransactions },
        { "mining.capabilities", MethodKind.Capabilities },
        { "mining.ping", MethodKind.Ping },
        { "pong", MethodKind.Pong },
        { "mining.notify", MethodKind.Notify },
        { "mining.set_difficulty", MethodKind.SetDifficulty },
        { "mining.set_extranonce", MethodKind.SetExtranonce },
        { "mining.set_version_mask", MethodKind.SetVersionMask },
        { "mining.set_version", MethodKind.SetVersionMask },
        { "client.reconnect", MethodKind.Reconnect },
        { "client.show_message", MethodKind.ShowMessage },
        { "client.get_version", MethodKind.GetVersion },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Find_KnownName_IsFoundAndNoNeighbourIs(string name, MethodKind kind)
    {
        byte[] utf8 = Lines.Utf8(name);
        Assert.Equal(kind, Methods.Find(utf8));
        for (int i = 0; i < utf8.Length; i++)
        {
            Assert.Equal(MethodKind.Unknown, Methods.Find([.. utf8[..i], (byte)'~', .. utf8[(i + 1)..]]));
            if (name[..i] is not ("mining.suggest" or "mining.set_version"))
            {
                Assert.Equal(MethodKind.Unknown, Methods.Find(utf8.AsSpan(0, i)));
            }
        }
    }

    [Fact]
    public void Find_EveryKind_HasAName() =>
        Assert.Equal(
            Enum.GetValues<MethodKind>().Order(),
            Names.Select(row => row.Data.Item2).Append(MethodKind.Unknown).Distinct().Order());

    [Theory]
    [InlineData("mining.suggest_difficulty(42)", MethodKind.SuggestDifficulty)]
    [InlineData("mining.suggest_difficulty(1)", MethodKind.SuggestDifficulty)]
    [InlineData("mining.suggest_difficulty(", MethodKind.SuggestDifficulty)]
    [InlineData("mining.suggest_difficulty42", MethodKind.Unknown)]
    [InlineData("MINING.SUBMIT", MethodKind.Unknown)]
    [InlineData("mining.hashes", MethodKind.Unknown)]
    [InlineData("", MethodKind.Unknown)]
    public void Find_OtherNames_AreUnlessValueInName(string name, MethodKind kind) =>
        Assert.Equal(kind, Methods.Find(Lines.Utf8(name)));
}
