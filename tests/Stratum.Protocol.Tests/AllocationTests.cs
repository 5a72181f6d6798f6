using System.Buffers;
using Stratum.Mining;

namespace Stratum.Protocol.Tests;

/// <summary>The way of a share from its bytes to the bytes of its answer costs no allocation.</summary>
public sealed class AllocationTests
{
    private readonly ArrayBufferWriter<byte> _output = new(65536);

    [Fact]
    public void LineReader_WholeLinesAndPieces_AllocateNothing()
    {
        byte[] stream = Lines.Utf8($"{Golden.Submit6}\n{Golden.Submit5}\r\n");
        var reader = new LineReader(16384);
        int lines = 0;
        AssertNothingAllocated(() =>
        {
            for (int piece = 1; piece <= stream.Length; piece += 13)
            {
                for (int at = 0; at < stream.Length; at += piece)
                {
                    ReadOnlySpan<byte> input = stream.AsSpan(at, Math.Min(piece, stream.Length - at));
                    while (reader.TryReadLine(ref input, out _) == LineStatus.Line)
                    {
                        lines++;
                    }
                }
            }
        });
        Assert.True(lines > 0);
    }

    [Fact]
    public void Submit_BytesToAnswer_AllocatesNothing()
    {
        byte[] line = Lines.Utf8(Golden.Submit6);
        byte[] bad = Lines.Utf8(Golden.Submit6.Replace("64b3f3ec", "notatime", StringComparison.Ordinal));
        AssertNothingAllocated(() =>
        {
            Assert.True(Message.TryParse(line, out Message message, out _));
            Assert.True(Methods.Find(message.Method) == MethodKind.Submit);
            Assert.True(SubmitRequest.TryRead(message.Params, out SubmitRequest share, out _));
            var id = new RequestId(message.Id);
            MessageWriter.WriteResult(_output, id.AsUtf8(stackalloc byte[20]), share.HasVersionBits);

            Assert.True(Message.TryParse(bad, out message, out _));
            Assert.False(SubmitRequest.TryRead(message.Params, out _, out string? error));
            MessageWriter.WriteError(_output, message.Id, 20, error, falseResult: true);
            RemoteError refusal = ShareErrors.Of(ShareVerdict.Stale);
            MessageWriter.WriteError(_output, message.Id, refusal.Code, refusal.Text, falseResult: true);
        });
    }

    [Fact]
    public void Submit_Write_AllocatesNothing()
    {
        AssertNothingAllocated(() =>
        {
            var share = new SubmitRequest
            {
                Worker = "worker"u8,
                JobId = "job"u8,
                Extranonce2 = Extranonce.FromUInt64(7, 8),
                HasVersionBits = true,
            };
            share.Write(_output, 4);
        });
    }

    [Fact]
    public void Notifications_Write_AllocateNothing()
    {
        Assert.True(Notify.TryRead(Lines.Params(Golden.Notify), out Notify? job, out _));
        AssertNothingAllocated(() =>
        {
            job.Write(_output);
            new SetDifficulty(new Difficulty(0.00001)).Write(_output);
            new SetVersionMask(0x1fffe000).Write(_output);
            MessageWriter.WriteNotification(_output, Methods.Notify, "[]"u8);
            MessageWriter.WriteRequest(_output, 1, Methods.Ping, default);
            MessageWriter.WriteTextResult(_output, "1"u8, "text ü \"");
        });
    }

    private void AssertNothingAllocated(Action action)
    {
        for (int warmUp = 0; warmUp < 50; warmUp++)
        {
            Run();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int round = 0; round < 100; round++)
        {
            Run();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run()
        {
            _output.ResetWrittenCount();
            action();
        }
    }
}
