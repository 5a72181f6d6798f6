using System.Text;
using System.Text.Json;
using Stratum.Mining;
using Stratum.Protocol;

namespace Stratum.Client.Tests;

public sealed class ClientJobTests
{
    [Theory]
    [MemberData(nameof(Vectors.All), MemberType = typeof(Vectors))]
    public async Task BuildHeader_WorkedVectorOverTheWire_IsTheHeader(string name)
    {
        var vector = Vectors.Find(name);
        await using var pool = new FakePool();
        var options = FakePool.Options with { VersionRollingMask = vector.Mask };
        var (client, miner) = await pool.ConnectAsync(options);
        await using var _ = client;
        var login = client.LoginAsync();
        if (vector.Mask is not null)
        {
            await miner.AnswerAsync(
                await miner.ExpectAsync("mining.configure"),
                $"\"result\":{{\"version-rolling\":true,\"version-rolling.mask\":\"{vector.Mask:x8}\"}},\"error\":null");
        }

        await miner.AnswerSubscribeAsync(vector.Extranonce1, vector.Extranonce2.Length);
        await miner.AnswerAsync(await miner.ExpectAsync("mining.authorize"), "\"result\":true,\"error\":null");
        await login;
        await miner.SendAsync(FakePoolConnection.Notification("mining.notify", vector.Notify));
        await using var jobs = client.ReadJobs();
        var job = await jobs.NextAsync();

        Assert.Equal(vector.Header, Convert.ToHexStringLower(job.BuildHeader(vector.Extranonce2, vector.Time, vector.VersionBits, vector.Nonce)));

        var submit = client.SubmitAsync(job, vector.Extranonce2, vector.Time, vector.Nonce, vector.VersionBits, "w");
        var sent = await miner.ExpectAsync("mining.submit");
        var fields = sent.GetProperty("params").EnumerateArray().Select(field => field.GetString()!).ToArray();
        Assert.Equal(["w", job.Id, .. vector.SubmitFields[1..]], fields); // V5 quotes another id
        await miner.AnswerAsync(sent, "\"result\":true,\"error\":null");
        Assert.True((await submit).IsAccepted);
    }

    [Fact]
    public void BuildHeader_WrongSizeOrBits_IsRefused()
    {
        Assert.True(Protocol.Notify.TryRead(Encoding.UTF8.GetBytes(Vectors.Find("V1").Notify), out var notify, out string? error), error);
        var job = new ClientJob
        {
            Notify = notify,
            Extranonce1 = default,
            Extranonce2Size = 4,
            Difficulty = new Difficulty(1),
            VersionMask = 0x1fffe000,
        };
        Assert.Throws<ArgumentException>(() => job.BuildHeader(Extranonce.FromUInt64(0, 8), 1));
        Assert.Throws<ArgumentException>(() => job.BuildHeader(Extranonce.FromUInt64(0, 4), 1, 0x20000000));
    }

    internal sealed record Vector(
        string Name, string Extranonce1, string Notify, string[] SubmitFields, uint? Mask, string Header)
    {
        public Extranonce Extranonce2 => new(Convert.FromHexString(SubmitFields[1]));

        public uint Time => Convert.ToUInt32(SubmitFields[2], 16);

        public uint Nonce => Convert.ToUInt32(SubmitFields[3], 16);

        public uint VersionBits => SubmitFields.Length > 4 ? Convert.ToUInt32(SubmitFields[4], 16) : 0;
    }

    public static class Vectors
    {
        public static TheoryData<string> All => ["V1", "V2", "V3", "V4", "V5"];

        internal static Vector Find(string name)
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Work", "vectors.json")));
            var found = document.RootElement.GetProperty("vectors").EnumerateArray()
                .Single(one => one.GetProperty("name").GetString()!.StartsWith(name, StringComparison.Ordinal));
            return new Vector(
                name,
                found.GetProperty("extranonce1").GetString()!,
                found.GetProperty("notify").GetRawText().ReplaceLineEndings(""),
                [.. found.GetProperty("submit").EnumerateArray().Skip(1).Select(field => field.GetString()!)],
                found.TryGetProperty("mask", out var mask) ? Convert.ToUInt32(mask.GetString(), 16) : null,
                found.GetProperty("result").GetProperty("header").GetString()!);
        }
    }
}
