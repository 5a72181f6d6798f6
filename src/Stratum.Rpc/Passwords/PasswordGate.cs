using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace Stratum.Rpc;

/// <summary>Lets those in who know a password. Slower with every wrong one, and for a while not at all.</summary>
internal sealed class PasswordGate(RpcDispatcherOptions options, ILogger logger)
{
    // Hashing what is longer would only cost; no password is.
    private const int MaxPasswordBytes = 4096;
    private static readonly TimeSpan s_firstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longestDelay = TimeSpan.FromSeconds(5);

    private readonly Lock _check = new();
    private readonly byte[][] _secrets = [.. options.SecretHashes.Select(Convert.FromHexString)];
    private readonly byte[][] _hashes = [.. options.PasswordHashes.Select(Convert.FromHexString)];
    private readonly WrongPasswords _wrong = new(options.MaxWrongPasswords, options.TimeProvider);

    /// <summary>Whether there is neither a password nor a secret, so that nobody is asked for one.</summary>
    public bool IsOpen => _hashes.Length + _secrets.Length == 0;

    /// <summary>How to do it; no part of what was given.</summary>
    public static RpcException Missing() => new(
        RpcErrors.PasswordRefused,
        "This server wants a password: give its base64 as first parameter, as parameter 'password' when they have"
            + " names, or over HTTP in an Authorization header (Basic or Bearer)");

    /// <summary>Comes back at once when the password is right.</summary>
    /// <exception cref="RpcException">It is wrong (after a delay), or not looked at.</exception>
    public async ValueTask CheckAsync(ReadOnlyMemory<byte> password, IPAddress? from, CancellationToken cancelled)
    {
        byte[]? given = password.Length > MaxPasswordBytes ? null : SHA256.HashData(password.Span);
        // Nobody guesses these, so no bar is needed: whoever else has the address cannot shut their holders out.
        if (IsOneOf(_secrets, given))
        {
            return;
        }

        IPAddress address = from ?? IPAddress.None;
        int count;
        // One after the other, and counted before the delay: who asks many times at once has no more tries for it.
        lock (_check)
        {
            ThrowIfBarred(_wrong.Wait(address));
            if (IsOneOf(_hashes, given))
            {
                return;
            }

            count = _wrong.Add(address);
        }

        RpcLog.WrongPassword(logger, address, count);
        // Twice as long each time: the seventh meets the longest.
        TimeSpan delay = count < 7 ? s_firstDelay * (1 << (count - 1)) : s_longestDelay;
        await Task.Delay(delay, options.TimeProvider, cancelled).ConfigureAwait(false);
        throw new RpcException(
            RpcErrors.PasswordRefused,
            "The password is wrong: its base64 is the first parameter (or the parameter 'password'), and the server's"
                + " options hold what 'stratum hash-password' prints for it");
    }

    private static void ThrowIfBarred(TimeSpan wait)
    {
        if (wait > TimeSpan.Zero)
        {
            int seconds = (int)Math.Ceiling(wait.TotalSeconds);
            throw new RpcException(
                RpcErrors.TooManyPasswords,
                $"Too many wrong passwords came from this address: wait {seconds} s",
                $$"""{"retryAfter":{{seconds}}}""")
            {
                RetryAfter = TimeSpan.FromSeconds(seconds),
            };
        }
    }

    // Every hash is compared, and each in constant time: how long it takes says nothing of any.
    private static bool IsOneOf(byte[][] hashes, byte[]? given)
    {
        bool isOne = false;
        foreach (byte[] hash in hashes)
        {
            isOne |= CryptographicOperations.FixedTimeEquals(given, hash);
        }

        return isOne;
    }
}
