using System.Buffers;
using System.Text;

namespace Stratum.Protocol;

/// <summary>Writes the members of one object, with commas between them.</summary>
internal sealed class MemberWriter(IBufferWriter<byte> writer)
{
    private bool _any;

    /// <summary>Writes a name; the caller writes the value.</summary>
    public IBufferWriter<byte> Name(string name)
    {
        writer.Write(_any ? ","u8 : default);
        _any = true;
        writer.PutText(name);
        writer.Write(":"u8);
        return writer;
    }

    public void TextUnlessNull(string name, string? text)
    {
        if (text is not null)
        {
            Name(name).PutText(text);
        }
    }

    public void Raw(string name, string rawJson) => Name(name).Write(Encoding.UTF8.GetBytes(rawJson));
}
