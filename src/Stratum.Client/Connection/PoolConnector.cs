using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Stratum.Client;

/// <summary>From a URL to a stream of plain bytes.</summary>
internal static class PoolConnector
{
    /// <exception cref="IOException">The pool cannot be reached; the text says what to look at.</exception>
    public static async Task<Stream> OpenAsync(
        StratumUrl url, StratumClientOptions options, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(options.ConnectTimeout, options.TimeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            await socket.ConnectAsync(url.Host, url.Port, both.Token).ConfigureAwait(false);
            stream = new NetworkStream(socket, ownsSocket: true);
            if (url.UseTls)
                stream = await SecureAsync(stream, url, options, both.Token).ConfigureAwait(false);
            var opened = stream;
            stream = null;
            return opened;
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"{url} did not answer within {options.ConnectTimeout.TotalSeconds:0.###} s", error);
        }
        catch (SocketException error)
        {
            throw new IOException($"Cannot connect to {url}: {error.Message}", error);
        }
        finally
        {
            if (stream is not null)
                await stream.DisposeAsync().ConfigureAwait(false);
            else if (!socket.Connected)
                socket.Dispose();
        }
    }

    private static async Task<Stream> SecureAsync(
        Stream plain, StratumUrl url, StratumClientOptions options, CancellationToken cancellationToken)
    {
        var secure = new SslStream(plain, leaveInnerStreamOpen: false);
        var faults = SslPolicyErrors.None;
        try
        {
            var authentication = new SslClientAuthenticationOptions
            {
                TargetHost = options.TlsHost ?? url.Host,
                CertificateChainPolicy = options.TlsTrustedRoots is { } roots ? Trust(roots) : null,
                RemoteCertificateValidationCallback = (_, _, _, errors) =>
                {
                    faults = errors;
                    return errors == SslPolicyErrors.None || options.DangerousAcceptAnyCertificate;
                },
            };
            await secure.AuthenticateAsClientAsync(authentication, cancellationToken).ConfigureAwait(false);
            return secure;
        }
        catch (Exception error)
        {
            await secure.DisposeAsync().ConfigureAwait(false);
            if (error is not (AuthenticationException or IOException))
                throw;
            throw new IOException(
                faults == SslPolicyErrors.None
                    ? $"The TLS handshake with {url} failed: {error.Message} Is it a port without TLS?"
                    : $"The certificate of {url} is not trusted: {Explain(faults)}",
                error);
        }
    }

    private static string Explain(SslPolicyErrors faults) =>
        faults.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable) ? "it has none"
        : faults.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) ? "it is for another host name (TlsHost names the right one)"
        : "nobody who signed it is known here (TlsTrustedRoots takes a private root), or it is out of date";

    private static X509ChainPolicy Trust(X509Certificate2Collection roots)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck, // private roots publish no list
        };
        policy.CustomTrustStore.AddRange(roots);
        return policy;
    }
}
