using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Stratum.Client.Tests;

public sealed class TlsTests : IDisposable
{
    private readonly X509Certificate2 _certificate = Create("localhost");

    [Fact]
    public async Task ConnectAsync_SelfSignedCertificate_IsRefusedByDefault()
    {
        await using var pool = new FakePool(_certificate);
        await using var client = new StratumClient(FakePool.Options);
        var accept = pool.AcceptAsync();
        var error = await Assert.ThrowsAsync<IOException>(() => client.ConnectAsync(pool.Url));
        Assert.Contains("TlsTrustedRoots", error.Message, StringComparison.Ordinal);
        Assert.False(client.IsConnected);
        await accept.ContinueWith(static task => task.Exception);
    }

    [Fact]
    public async Task ConnectAsync_TrustedRoot_Works()
    {
        await using var pool = new FakePool(_certificate);
        var (client, miner) = await pool.LoginAsync(FakePool.Options with { TlsTrustedRoots = [_certificate] });
        await using var _ = client;
        await using var jobs = client.ReadJobs();
        await miner.SendBytesAsync(FakePoolConnection.Notify("a") + "\n");
        Assert.Equal("a", (await jobs.NextAsync()).Id);
        Assert.True(client.Url!.UseTls);
    }

    [Fact]
    public async Task ConnectAsync_TrustedRootButAnotherName_IsRefusedUnlessNamed()
    {
        using var other = Create("pool.example.com");
        await using var pool = new FakePool(other);
        await using var client = new StratumClient(FakePool.Options with { TlsTrustedRoots = [other] });
        var accept = pool.AcceptAsync();
        var error = await Assert.ThrowsAsync<IOException>(() => client.ConnectAsync(pool.Url));
        Assert.Contains("another host name", error.Message, StringComparison.Ordinal);
        await accept.ContinueWith(static task => task.Exception);

        var (named, miner) = await pool.ConnectAsync(FakePool.Options with { TlsTrustedRoots = [other], TlsHost = "pool.example.com" });
        await using var _ = named;
        await named.SettleAsync(miner);
    }

    [Fact]
    public async Task ConnectAsync_DangerousAcceptAny_Works()
    {
        await using var pool = new FakePool(_certificate);
        var (client, miner) = await pool.ConnectAsync(FakePool.Options with { DangerousAcceptAnyCertificate = true });
        await using var _ = client;
        await client.SettleAsync(miner);
    }

    [Fact]
    public async Task ConnectAsync_TlsToAPlainPort_SaysSo()
    {
        await using var pool = new FakePool();
        await using var client = new StratumClient(FakePool.Options);
        var connect = client.ConnectAsync(new StratumUrl("localhost", pool.Port, useTls: true));
        var plain = await pool.AcceptAsync();
        await plain.SendAsync("{\"id\":null}");
        plain.Dispose();
        Assert.Contains("port without TLS", (await Assert.ThrowsAsync<IOException>(() => connect)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConnectAsync_TlsHandshakeNeverAnswered_TimesOut()
    {
        await using var pool = new FakePool();
        await using var client = new StratumClient(FakePool.Options with { ConnectTimeout = TimeSpan.FromMilliseconds(100) });
        var error = await Assert.ThrowsAsync<IOException>(() => client.ConnectAsync(new StratumUrl("localhost", pool.Port, useTls: true)));
        Assert.Contains("did not answer within 0.1 s", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _certificate.Dispose();

    private static X509Certificate2 Create(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = DateTimeOffset.UtcNow;
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }
}
