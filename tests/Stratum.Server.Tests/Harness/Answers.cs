using System.Text.Json;

namespace Stratum.Server.Tests;

/// <summary>What answers must be.</summary>
internal static class Answers
{
    public static void IsTrue(JsonElement answer)
    {
        Assert.Equal("True null", $"{answer.GetProperty("result").ValueKind} {answer.GetProperty("error").GetRawText()}");
    }

    public static void IsError(int code, JsonElement answer)
    {
        var error = answer.GetProperty("error");
        Assert.True(error.ValueKind == JsonValueKind.Array, $"expected error {code}, got {answer}");
        Assert.Equal(code, error[0].GetInt32());
        Assert.Equal(JsonValueKind.String, error[1].ValueKind);
        Assert.Equal(3, error.GetArrayLength());
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("result").ValueKind);
    }

    public static string Method(this JsonElement message) => message.GetProperty("method").GetString()!;

    public static List<string> Methods(this IEnumerable<JsonElement> messages) => [.. messages.Select(Method)];

    /// <summary>Waits for a condition that another thread makes true.</summary>
    public static async Task BecomesTrueAsync(Func<bool> condition, string what = "the condition")
    {
        for (var i = 0; i < 3000; i++)
        {
            if (condition())
                return;
            await Task.Delay(10);
        }
        Assert.Fail($"{what} did not come true");
    }
}
