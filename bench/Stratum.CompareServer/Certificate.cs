using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Stratum.CompareServer;

/// <summary>A certificate of our own for 127.0.0.1, in a file that goes with it.</summary>
internal sealed class Certificate : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("stratum-compare-");

    public Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=stratum-compare", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        // The folder is its owner's alone.
        System.IO.File.WriteAllText(File, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    public string File => Path.Combine(_folder.FullName, "server.pem");

    public void Dispose() => _folder.Delete(recursive: true);
}
