using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Stratum.Rpc;
using Stratum.Testing;

namespace Stratum.Samples.Tests;

public sealed class FarmRigTests
{
    [Fact]
    public async Task Rig_OrdersByRpc_StartsStopsAndGoesElsewhere()
    {
        await using var first = Sample.Start("TenLineServer", "0");
        await using var second = Sample.Start("TenLineServer", "0");
        var (from, to) = (await UrlAsync(first), await UrlAsync(second));
        await using var rig = Sample.Start("FarmRig", "0", from, "rig.1");
        var port = await rig.PortAsync();
        using var client = RpcClient.Create(new RpcClientOptions { Url = new Uri($"rpc://127.0.0.1:{port}") });

        Assert.False(await IsMiningAsync("rig.status"));
        Assert.True(await IsMiningAsync("rig.start"));
        Assert.True(await IsMiningAsync("rig.start"));
        await first.LineAsync(line => line.StartsWith("rig.1 has", StringComparison.Ordinal));

        Assert.True(await IsMiningAsync("rig.point", to));
        await second.LineAsync(line => line.StartsWith("rig.1 has", StringComparison.Ordinal));
        Assert.Equal(to, (await client.CallAsync("rig.status")).GetProperty("url").GetString());

        var refused = await Assert.ThrowsAsync<RpcException>(() => client.CallAsync("rig.point", new JsonArray("nowhere")));
        Assert.Equal(-32602, refused.Code);
        Assert.Contains("nowhere", refused.Message);
        Assert.True(await IsMiningAsync("rig.status"));

        Assert.False(await IsMiningAsync("rig.stop"));
        await using (var control = Sample.Start("RigControl", $"http://127.0.0.1:{port}", "rig.point", from))
        {
            await control.LineAsync(line => line == $"rests, for {from}");
            Assert.Equal(0, await control.ExitCodeAsync());
        }
        await using (var control = Sample.Start("RigControl", $"rpc://127.0.0.1:{port}", "rig.point", "nowhere"))
        {
            await control.LineAsync(line => line.StartsWith("refused: ", StringComparison.Ordinal) && line.EndsWith("(-32602)", StringComparison.Ordinal));
            Assert.Equal(1, await control.ExitCodeAsync());
        }
        Assert.Equal(0, await rig.EndAsync(PosixSignal.SIGTERM));

        async Task<bool> IsMiningAsync(string order, params string[] parameters) =>
            (await client.CallAsync(order, new JsonArray([.. parameters.Select(parameter => JsonValue.Create(parameter))])))
                .GetProperty("mining").GetBoolean();
    }

    private static async Task<string> UrlAsync(RunningProgram server) => $"stratum+tcp://127.0.0.1:{await server.PortAsync()}";
}
