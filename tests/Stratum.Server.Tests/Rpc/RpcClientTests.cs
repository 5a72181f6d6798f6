using System.Text.Json.Nodes;
using Stratum.Rpc;

namespace Stratum.Server.Tests;

/// <summary>Our clients against our server, by URL.</summary>
public sealed class RpcClientTests
{
    [Theory]
    [InlineData("rpc")]
    [InlineData("http")]
    public async Task Call_EitherWay_SameResultsAndErrors(string scheme)
    {
        const string Password = "pässword with a blank";
        await using var rpc = await RpcHarness.StartAsync(options => options.PasswordHashes.Add(RpcPassword.Hash(Password)));
        rpc.Server.Expose("sum", (int a, int b) => a + b);
        var options = new RpcClientOptions { Url = new Uri($"{scheme}://127.0.0.1:{rpc.Server.Port}"), Password = Password };
        using (var client = RpcClient.Create(options))
        {
            Assert.Equal(5, (await client.CallAsync("sum", new JsonArray(2, 3))).GetInt32());
            Assert.Equal(5, (await client.CallAsync("sum", new JsonObject { ["b"] = 3, ["a"] = 2 })).GetInt32());
            Assert.True((await client.CallAsync("mining.block", new JsonArray(RpcHarness.Hash))).GetBoolean());
            Assert.Equal(RpcErrors.MethodNotFound, (await Assert.ThrowsAsync<RpcException>(() => client.CallAsync("nonesuch"))).Code);
            Assert.Equal(RpcErrors.InvalidParams, (await Assert.ThrowsAsync<RpcException>(() => client.CallAsync("sum", new JsonArray(2)))).Code);
            Assert.All(await Task.WhenAll(Enumerable.Range(0, 50).Select(i => client.CallAsync("sum", new JsonArray(i, i)))),
                (sum, i) => Assert.Equal(2 * i, sum.GetInt32()));
        }
        using (var client = RpcClient.Create(options with { Password = "wr0ng" }))
        {
            var error = await Assert.ThrowsAsync<RpcException>(() => client.CallAsync("sum", new JsonArray(2, 3)));
            Assert.Equal(RpcErrors.PasswordRefused, error.Code);
            Assert.DoesNotContain("wr0ng", error.ToString());
        }
        await rpc.AssertNoConnectionsAsync();
    }
}
