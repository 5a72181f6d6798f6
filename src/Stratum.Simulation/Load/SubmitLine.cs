using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Stratum.Client;
using Stratum.Mining;
using Stratum.Protocol;

namespace Stratum.Simulation;

/// <summary>
/// A session's next <c>mining.submit</c> as bytes: from one to the next only the digits of id, extranonce2 and nonce
/// change, in place.
/// </summary>
internal struct SubmitLine
{
    /// <summary>The id of the first share; from here to <see cref="LastId"/> all have eight digits.</summary>
    public const int FirstId = 10_000_000;

    /// <summary>The id after which <see cref="FirstId"/> comes again.</summary>
    public const int LastId = 99_999_999;

    private const int IdAt = 6; // {"id":
    private const int IdLength = 8;
    private const int NonceLength = 8;
    private const int TimeLength = 8;
    private const int EndLength = 4; // "]} and the line end
    private const int BetweenLength = 3; // ","

    private byte[]? _bytes;
    private int _extranonce2At;
    private int _extranonce2Length;

    /// <summary>Whether there is a job to hand shares in for.</summary>
    public readonly bool IsReady => _bytes is not null;

    private readonly int NonceAt => _bytes!.Length - EndLength - NonceLength;

    /// <summary>Shares are of this job from now on.</summary>
    /// <param name="job">The job.</param>
    /// <param name="user">The user's name, UTF-8.</param>
    /// <param name="id">The id of the next share.</param>
    /// <param name="nonce">The nonce of the next share, and its extranonce2.</param>
    /// <param name="scratch">Written to and cleared.</param>
    public void SetJob(ClientJob job, ReadOnlySpan<byte> user, int id, uint nonce, ArrayBufferWriter<byte> scratch)
    {
        scratch.ResetWrittenCount();
        var extranonce2 = Extranonce.FromUInt64(nonce, job.Extranonce2Size);
        new SubmitRequest
        {
            Worker = user,
            JobId = Encoding.UTF8.GetBytes(job.Id),
            Extranonce2 = extranonce2,
            Time = job.Time,
            Nonce = nonce,
        }.Write(scratch, id);
        if (_bytes?.Length == scratch.WrittenCount)
        {
            scratch.WrittenSpan.CopyTo(_bytes);
        }
        else
        {
            _bytes = scratch.WrittenSpan.ToArray();
        }

        _extranonce2Length = 2 * job.Extranonce2Size;
        _extranonce2At = NonceAt - BetweenLength - TimeLength - BetweenLength - _extranonce2Length;
    }

    /// <summary>The next share is this one.</summary>
    public readonly void SetShare(in Extranonce extranonce2, uint nonce)
    {
        Span<byte> bytes = stackalloc byte[Extranonce.MaxLength];
        extranonce2.CopyTo(bytes);
        Convert.TryToHexStringLower(bytes[..extranonce2.Length], _bytes.AsSpan(_extranonce2At, _extranonce2Length), out _);
        Utf8Formatter.TryFormat(nonce, _bytes.AsSpan(NonceAt, NonceLength), out _, new StandardFormat('x', NonceLength));
    }

    /// <summary>The next share is another one, whose hash nobody has looked at.</summary>
    public readonly void CountOn()
    {
        CountOn(_bytes.AsSpan(_extranonce2At, _extranonce2Length), (byte)'f');
        CountOn(_bytes.AsSpan(NonceAt, NonceLength), (byte)'f');
    }

    /// <summary>Writes the line, and counts its id on.</summary>
    public readonly void Write(IBufferWriter<byte> output)
    {
        byte[] bytes = _bytes!;
        bytes.CopyTo(output.GetSpan(bytes.Length));
        output.Advance(bytes.Length);
        CountOn(bytes.AsSpan(IdAt, IdLength), (byte)'9');
        if (bytes[IdAt] == '0')
        {
            bytes[IdAt] = (byte)'1';
        }
    }

    private static void CountOn(Span<byte> digits, byte highest)
    {
        for (int i = digits.Length - 1; i >= 0; i--)
        {
            byte digit = digits[i];
            if (digit != highest)
            {
                digits[i] = digit == (byte)'9' ? (byte)'a' : (byte)(digit + 1);
                return;
            }

            digits[i] = (byte)'0';
        }
    }
}
