using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Stratum.Protocol;

/// <summary><c>{"id":2,"method":"mining.authorize","params":["account.worker","x"]}</c>.</summary>
public sealed record AuthorizeRequest
{
    /// <summary>The user name, usually <c>account.worker</c> or an address; not empty.</summary>
    public required string Worker { get; init; }

    /// <summary>The password, often options such as <c>d=1024</c>; empty when absent or null.</summary>
    public string Password { get; init; } = "";

    /// <summary>Reads the params. Never throws.</summary>
    /// <param name="rawParams"><see cref="Message.Params"/>.</param>
    /// <param name="value">The request.</param>
    /// <param name="error">What is wrong with the params.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> rawParams,
        [NotNullWhen(true)] out AuthorizeRequest? value,
        [NotNullWhen(false)] out string? error)
    {
        var list = ValueReader.OfParams(rawParams);
        string worker = list.NextString("params[0] must be the user name: a string");
        string? password = list.NextStringOrNull("params[1] must be the password: a string or null");
        if (worker.Length == 0)
        {
            list.Fail("params[0], the user name, is empty");
        }

        error = list.Finish();
        value = error is null ? new AuthorizeRequest { Worker = worker, Password = password ?? "" } : null;
        return value is not null;
    }

    /// <summary>Writes the line, always with both params (some pools insist).</summary>
    /// <param name="writer">Where the line goes.</param>
    /// <param name="id">Our number for the answer.</param>
    public void Write(IBufferWriter<byte> writer, long id)
    {
        MessageWriter.BeginRequest(writer, id, Methods.Authorize);
        writer.Write("["u8);
        writer.PutText(Worker);
        writer.Write(","u8);
        writer.PutText(Password);
        writer.Write("]}\n"u8);
    }

    // Records print every property; a password has no place in a log.
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append("Worker = ").Append(Worker).Append(", Password = ***");
        return true;
    }
}
