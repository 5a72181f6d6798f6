namespace Stratum.Mining.Tests;

public class AddressFromScriptTests
{
    [Theory]
    [InlineData("mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn", AddressKind.PublicKeyHash)]
    [InlineData("2MzQwSSnBHWHqSAqtTVQ6v47XtaisrJa1Vc", AddressKind.ScriptHash)]
    [InlineData("bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080", AddressKind.WitnessPublicKeyHash)]
    [InlineData("bcrt1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqc8gma6", AddressKind.Taproot)]
    public void FromScript_ScriptOfAnAddress_IsThatAddress(string text, AddressKind kind)
    {
        var network = Coin.Bitcoin.GetNetwork("regtest");
        var address = Address.Parse(text, Coin.Bitcoin, network);
        var again = Address.FromScript(address.ScriptPubKey.Span, network);
        Assert.Equal(text, again!.Text);
        Assert.Equal(kind, again.Kind);
        Assert.Equal(address.ScriptPubKey.ToArray(), again.ScriptPubKey.ToArray());
    }

    [Theory]
    [InlineData("")]
    [InlineData("6a24aa21a9ed")]
    [InlineData("51")]
    [InlineData("0014751e76e8199196d454941c45d1b3a323f1433b")]
    [InlineData("76a914751e76e8199196d454941c45d1b3a323f1433b88ac")]
    public void FromScript_AnyOther_IsNull(string script) =>
        Assert.Null(Address.FromScript(Convert.FromHexString(script), Coin.Bitcoin.GetNetwork("regtest")));
}
