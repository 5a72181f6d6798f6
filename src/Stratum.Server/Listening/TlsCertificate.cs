using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Stratum.Server;

/// <summary>The certificate of the listeners, loaded again when its file changes.</summary>
internal sealed class TlsCertificate
{
    private readonly string _file;
    private readonly string? _keyFile;
    private readonly string? _passwordFile;
    private readonly ServerLog _log;
    private volatile SslServerAuthenticationOptions _options;
    private (DateTime Certificate, DateTime Key) _loadedVersion;

    /// <exception cref="IOException">It cannot be read; the text says why.</exception>
    public TlsCertificate(StratumServerOptions options, ServerLog log)
    {
        _file = options.CertificateFile!;
        _keyFile = options.CertificateKeyFile;
        _passwordFile = options.CertificatePasswordFile;
        _log = log;
        _loadedVersion = Version();
        try
        {
            _options = Load();
        }
        catch (Exception error) when (IsUnusable(error))
        {
            throw new IOException($"The certificate {_file} cannot be used: {error.Message} It must be PEM with its key "
                + "(or the key in CertificateKeyFile, --tls-key) or PFX.", error);
        }
    }

    public SslServerAuthenticationOptions Options => _options;

    public void ReloadIfChanged()
    {
        var version = Version();
        if (version == _loadedVersion)
            return;
        _loadedVersion = version;
        try
        {
            _options = Load();
        }
        catch (Exception error) when (IsUnusable(error))
        {
            _log.CertificateUnusable(_file, error.Message);
        }
    }

    // NotSupported: a PFX without its key.
    private static bool IsUnusable(Exception error) => error is CryptographicException or IOException
        or UnauthorizedAccessException or ArgumentException or NotSupportedException;

    // Both times, not the later: a file that is copied with its date may be older than the other one.
    private (DateTime Certificate, DateTime Key) Version() => (Changed(_file), _keyFile is null ? default : Changed(_keyFile));

    // Of what a link leads to: that is what a renewal changes, and the link's own time stays.
    private static DateTime Changed(string file)
    {
        try
        {
            return File.ResolveLinkTarget(file, returnFinalTarget: true)?.LastWriteTimeUtc ?? File.GetLastWriteTimeUtc(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }

    private SslServerAuthenticationOptions Load()
    {
        var password = _passwordFile is null ? null : File.ReadLines(_passwordFile).FirstOrDefault();
        var chain = new X509Certificate2Collection();
        X509Certificate2 certificate;
        if (X509Certificate2.GetCertContentType(_file) == X509ContentType.Pkcs12)
        {
            certificate = X509CertificateLoader.LoadPkcs12FromFile(_file, password);
        }
        else
        {
            certificate = password is null
                ? X509Certificate2.CreateFromPemFile(_file, _keyFile)
                : X509Certificate2.CreateFromEncryptedPemFile(_file, password, _keyFile);
            chain.ImportFromPemFile(_file);
        }
        _log.CertificateLoaded(_file, certificate.NotAfter);
        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, chain, offline: true),
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ClientCertificateRequired = false,
        };
    }
}
