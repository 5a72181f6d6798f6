using System.Buffers;

namespace Stratum.Protocol;

/// <summary>
/// <c>{"id":3,"method":"mining.extranonce.subscribe","params":[]}</c>: from now on the miner takes
/// <see cref="SetExtranonce"/>. Pools answer true, false, an error, or nothing; a client does not depend on it, and a
/// server answers true, for some miners leave when they get an error.
/// </summary>
public static class ExtranonceSubscribe
{
    /// <summary>Writes the request.</summary>
    /// <param name="writer">Where the line goes.</param>
    /// <param name="id">Our number for the answer.</param>
    public static void Write(IBufferWriter<byte> writer, long id) =>
        MessageWriter.WriteRequest(writer, id, Methods.ExtranonceSubscribe, default);
}
