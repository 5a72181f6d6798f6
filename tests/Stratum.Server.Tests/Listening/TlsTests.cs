using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Stratum.Testing;

namespace Stratum.Server.Tests;

public sealed class TlsTests
{
    [Theory]
    [InlineData("pem")]
    [InlineData("pem-key")]
    [InlineData("pem-encrypted")]
    [InlineData("pfx")]
    [InlineData("pfx-password")]
    public async Task Tls_EachKindOfFile_SharesThePortWithPlain(string kind)
    {
        using var folder = new TempFolder();
        using var certificate = Make("one");
        await using var server = new TestServer(options => Write(certificate, kind, folder.Path, options));
        var tls = new List<bool>();
        server.Server.SessionOpened += (_, session) => tls.Add(session.IsTls);
        await using var plain = await server.LoginAsync(Drivers.Loop);
        var (peer, seen) = await ConnectAsync(server);
        await using (peer)
        {
            Assert.Equal(certificate.Thumbprint, seen);
            await peer.LoginAsync();
            Answers.IsTrue(await peer.SubmitAsync(peer.Solve()));
            await server.BroadcastAsync(tip: 2);
            await peer.WaitForAsync("mining.notify");
            await plain.WaitForAsync("mining.notify");
            Assert.Equal([false, true], tls);
            await server.Server.StopAsync();
            Assert.Null(await peer.ReadLineAsync());
        }
    }

    [Fact]
    public async Task Tls_CertificateChanges_NewConnectionsGetTheNewOneAndABadOneIsNotUsed()
    {
        using var folder = new TempFolder();
        using var one = Make("one");
        using var two = Make("two");
        var file = "";
        await using var server = new TestServer(options =>
        {
            Write(one, "pem", folder.Path, options);
            file = options.CertificateFile!;
        });
        Assert.Equal(one.Thumbprint, await ThumbprintAsync(server));
        await File.WriteAllTextAsync(file, "nonsense");
        File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddMinutes(1));
        server.Pass(1);
        Assert.Equal(one.Thumbprint, await ThumbprintAsync(server));
        Assert.Contains(server.Log.Lines, line => line.Id == 116);
        File.Delete(file);
        server.Pass(1);
        Assert.Equal(one.Thumbprint, await ThumbprintAsync(server));
        await File.WriteAllTextAsync(file, two.ExportCertificatePem() + "\n" + two.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddMinutes(2));
        server.Pass(1);
        Assert.Equal(two.Thumbprint, await ThumbprintAsync(server));
    }

    [Fact]
    public async Task Tls_LinkLeadsToARenewedCertificate_NewConnectionsGetIt()
    {
        using var folder = new TempFolder();
        using var one = Make("one");
        using var two = Make("two");
        var (link, target) = (Path.Combine(folder.Path, "link"), "");
        await using var server = new TestServer(options =>
        {
            Write(one, "pem", folder.Path, options);
            target = options.CertificateFile!;
            File.CreateSymbolicLink(link, target);
            options.CertificateFile = link;
        });
        Assert.Equal(one.Thumbprint, await ThumbprintAsync(server));
        await File.WriteAllTextAsync(target, two.ExportCertificatePem() + "\n" + two.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        File.SetLastWriteTimeUtc(target, DateTime.UtcNow.AddMinutes(1));
        server.Pass(1);
        Assert.Equal(two.Thumbprint, await ThumbprintAsync(server));
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("nonsense")]
    [InlineData("pfx-wrong")]
    [InlineData("nokey")]
    [InlineData("pfx-nokey")]
    public async Task Start_UnusableCertificate_IOExceptionThatNamesTheFile(string kind)
    {
        using var folder = new TempFolder();
        using var certificate = Make("one");
        var options = new StratumServerOptions { Port = 0, CertificateFile = Path.Combine(folder.Path, "cert") };
        if (kind == "nonsense")
            await File.WriteAllTextAsync(options.CertificateFile, "nonsense");
        if (kind == "nokey")
            await File.WriteAllTextAsync(options.CertificateFile, certificate.ExportCertificatePem());
        if (kind == "pfx-wrong")
            await File.WriteAllBytesAsync(options.CertificateFile, certificate.Export(X509ContentType.Pkcs12, "secret"));
        if (kind == "pfx-nokey")
        {
            using var keyless = X509CertificateLoader.LoadCertificate(certificate.RawData);
            await File.WriteAllBytesAsync(options.CertificateFile, keyless.Export(X509ContentType.Pkcs12));
        }
        await using var server = new StratumServer(options);
        var error = await Assert.ThrowsAsync<IOException>(() => server.StartAsync());
        Assert.Contains(options.CertificateFile, error.Message);
        Assert.Empty(server.EndPoints);
    }

    [Fact]
    public async Task Tls_NoCertificate_ClosedAtOnceAndPlainStillWorks()
    {
        await using var server = new TestServer();
        await Assert.ThrowsAnyAsync<Exception>(() => ConnectAsync(server));
        await using var plain = await server.LoginAsync(Drivers.Loop);
        await Answers.BecomesTrueAsync(() => server.Server.ConnectionCount == 1);
        Assert.Single(server.Server.Sessions);
    }

    [Fact]
    public async Task Tls_HalfAHelloAndSilence_ClosedByTheDeadline()
    {
        using var folder = new TempFolder();
        using var certificate = Make("one");
        await using var server = new TestServer(options => Write(certificate, "pem", folder.Path, options));
        await using var peer = await server.ConnectAsync(Drivers.Loop);
        await peer.SendRawAsync(new byte[] { 0x16, 3, 1, 2, 0, 1, 0, 1 });
        await Answers.BecomesTrueAsync(() => server.Server.ConnectionCount == 1);
        // The deadlines of the first bytes and of the handshake follow each other.
        await Answers.BecomesTrueAsync(() =>
        {
            server.Pass(1);
            return server.Server.ConnectionCount == 0;
        });
        Assert.Null(await peer.ReadLineAsync());
    }

    [Fact]
    public async Task Tls_GarbageAfterTheFirstByte_Closed()
    {
        using var folder = new TempFolder();
        using var certificate = Make("one");
        await using var server = new TestServer(options => Write(certificate, "pem", folder.Path, options));
        using var socket = await server.ConnectSocketAsync();
        await socket.SendAsync("\u0016garbage and more of it, for ever and ever\n"u8.ToArray());
        await Answers.BecomesTrueAsync(() => server.Server.ConnectionCount == 0);
        Assert.Empty(server.Server.Sessions);
    }

    private static async Task<string> ThumbprintAsync(TestServer server)
    {
        var (peer, thumbprint) = await ConnectAsync(server);
        await peer.DisposeAsync();
        return thumbprint;
    }

    private static async Task<(TestPeer Peer, string Thumbprint)> ConnectAsync(TestServer server)
    {
        var socket = await server.ConnectSocketAsync();
        var stream = new SslStream(new NetworkStream(socket), false, static (_, _, _, _) => true);
        try
        {
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                EnabledSslProtocols = SslProtocols.None,
            }).WaitAsync(TimeSpan.FromSeconds(30));
        }
        catch
        {
            await stream.DisposeAsync();
            socket.Dispose();
            throw;
        }
        return (TestPeer.Over(stream, socket), new X509Certificate2(stream.RemoteCertificate!).Thumbprint);
    }

    private static X509Certificate2 Make(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1000));
    }

    private static void Write(X509Certificate2 certificate, string kind, string folder, StratumServerOptions options)
    {
        var file = options.CertificateFile = Path.Combine(folder, "cert");
        var keyFile = Path.Combine(folder, "key");
        var passwordFile = Path.Combine(folder, "password");
        File.WriteAllText(passwordFile, "secret\nmore\n");
        var key = certificate.GetECDsaPrivateKey()!;
        var pem = certificate.ExportCertificatePem();
        switch (kind)
        {
            case "pem":
                File.WriteAllText(file, pem + "\n" + key.ExportPkcs8PrivateKeyPem());
                break;
            case "pem-key":
                File.WriteAllText(file, pem);
                File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
                options.CertificateKeyFile = keyFile;
                break;
            case "pem-encrypted":
                File.WriteAllText(file, pem + "\n" + key.ExportEncryptedPkcs8PrivateKeyPem("secret",
                    new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)));
                options.CertificatePasswordFile = passwordFile;
                break;
            case "pfx":
                File.WriteAllBytes(file, certificate.Export(X509ContentType.Pkcs12));
                break;
            case "pfx-password":
                File.WriteAllBytes(file, certificate.Export(X509ContentType.Pkcs12, "secret"));
                options.CertificatePasswordFile = passwordFile;
                break;
        }
    }
}
