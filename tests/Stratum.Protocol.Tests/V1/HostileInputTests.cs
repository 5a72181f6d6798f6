namespace Stratum.Protocol.Tests;

/// <summary>Whatever the bytes, a reader gives a value or an error and never throws.</summary>
public sealed class HostileInputTests
{
    private static readonly Lines.RawReader[] Readers =
    [
        (raw, out error) => SubscribeRequest.TryRead(raw, out _, out error),
        (raw, out error) => SubscribeResult.TryRead(raw, out _, out error),
        (raw, out error) => AuthorizeRequest.TryRead(raw, out _, out error),
        (raw, out error) => SubmitRequest.TryRead(raw, out _, out error),
        (raw, out error) => ConfigureRequest.TryRead(raw, out _, out error),
        (raw, out error) => ConfigureResult.TryRead(raw, out _, out error),
        (raw, out error) => SuggestDifficulty.TryRead(raw, out _, out error),
        (raw, out error) => SuggestTarget.TryRead(raw, out _, out error),
        (raw, out error) => GetTransactionsRequest.TryRead(raw, out _, out error),
        (raw, out error) => GetTransactionsResult.TryRead(raw, out _, out error),
        (raw, out error) => GetVersion.TryReadAnswer(raw, out _, out error),
        (raw, out error) => Notify.TryRead(raw, out _, out error),
        (raw, out error) => SetDifficulty.TryRead(raw, out _, out error),
        (raw, out error) => SetExtranonce.TryRead(raw, out _, out error),
        (raw, out error) => SetVersionMask.TryRead(raw, out _, out error),
        (raw, out error) => Reconnect.TryRead(raw, out _, out error),
        (raw, out error) => ShowMessage.TryRead(raw, out _, out error),
    ];

    [Theory]
    [MemberData(nameof(Golden.All), MemberType = typeof(Golden))]
    public void TryRead_EveryPrefixOfEveryLine_IsAnError(string line)
    {
        byte[] raw = ParamsOrResult(line);
        foreach (Lines.RawReader reader in Readers)
        {
            // Nothing at all is an empty list; true and false are no value that any of these reads.
            for (int length = 1; length < raw.Length; length++)
            {
                Assert.False(reader(raw.AsSpan(0, length), out string? error));
                Assert.NotEmpty(error!);
            }

            Assert.Equal(reader(raw, out string? whole), whole is null);
        }
    }

    [Theory]
    [MemberData(nameof(Golden.All), MemberType = typeof(Golden))]
    public void TryRead_DamagedBytes_NeverThrow(string line)
    {
        var random = new Random(11);
        for (int round = 0; round < 200; round++)
        {
            byte[] raw = ParamsOrResult(line);
            for (int damage = random.Next(1, 5); damage > 0; damage--)
            {
                raw[random.Next(raw.Length)] =
                    random.Next(3) == 0 ? (byte)random.Next(256) : "\"\\[]{},:0a"u8[random.Next(10)];
            }

            foreach (Lines.RawReader reader in Readers)
            {
                Assert.Equal(reader(raw, out string? error), error is null);
            }
        }
    }

    [Theory]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("1e999")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]")]
    [InlineData("{\"a\":{\"b\":[{}]}}")]
    [InlineData("[[],[[]],{},{\"a\":[]},null,true,1,\"\"]")]
    [InlineData("[\"\\ud800\",\"\\udc00\",\"\\ud800\\ud800\",\"\\ud800\",\"\\ud800\",\"\\ud800\"]")]
    [InlineData("[null,null,null,null,null,null,null,null,null]")]
    [InlineData("[true,true,true,true,true,true,true,true,true]")]
    public void TryRead_JsonOfOtherShapes_IsAValueOrAnError(string raw)
    {
        foreach (Lines.RawReader reader in Readers)
        {
            Assert.Equal(reader(Lines.Utf8(raw), out string? error), error is null);
        }
    }

    private static byte[] ParamsOrResult(string line)
    {
        Assert.True(Message.TryParse(Lines.Utf8(line), out Message message, out _));
        return (message.IsRequest ? message.Params : message.Result).ToArray();
    }
}
