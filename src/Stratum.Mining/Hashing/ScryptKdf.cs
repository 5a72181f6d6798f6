using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Stratum.Mining;

/// <summary>Both ends of scrypt, RFC 7914: PBKDF2-HMAC-SHA256 of one iteration, before and behind the mixing.</summary>
internal ref struct ScryptKdf
{
    private Sha256Stream _inner;
    private Sha256Stream _outer;

    /// <summary>Takes the password.</summary>
    /// <param name="password">Any length; of more than 64 bytes the hash is taken.</param>
    /// <param name="native">By libcrypto, which must be present; else in C#.</param>
    [SkipLocalsInit]
    public void Start(scoped ReadOnlySpan<byte> password, bool native)
    {
        Span<byte> key = stackalloc byte[64];
        key.Clear();
        if (password.Length > 64)
        {
            _inner.Start(native);
            _inner.Append(password);
            _inner.Finish(key);
        }
        else
        {
            password.CopyTo(key);
        }
        foreach (ref var part in key)
            part ^= 0x36;
        _inner.Start(native);
        _inner.Append(key);
        foreach (ref var part in key)
            part ^= 0x36 ^ 0x5c;
        _outer.Start(native);
        _outer.Append(key);
    }

    /// <summary>Fills the output, a multiple of 32 bytes, from the salt.</summary>
    [SkipLocalsInit]
    public readonly void Derive(scoped ReadOnlySpan<byte> salt, scoped Span<byte> output)
    {
        Span<byte> counter = stackalloc byte[4];
        Span<byte> hash = stackalloc byte[32];
        var salted = _inner;
        salted.Append(salt);
        for (var block = 0; block < output.Length / 32; block++)
        {
            BinaryPrimitives.WriteInt32BigEndian(counter, block + 1);
            var inner = salted;
            inner.Append(counter);
            inner.Finish(hash);
            var outer = _outer;
            outer.Append(hash);
            outer.Finish(output[(32 * block)..]);
        }
    }
}
