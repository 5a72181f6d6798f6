using System.Diagnostics.CodeAnalysis;

namespace Stratum.Protocol;

/// <summary>Reads its params itself.</summary>
internal sealed class RawMethod<TCaller>(string name, Func<TCaller, ValueTask<ReadOnlyMemory<byte>>> handler)
    : JsonMethod<TCaller>(name)
{
    public override bool TryBind(
        TCaller caller,
        ReadOnlySpan<byte> parameters,
        [NotNullWhen(true)] out Func<ValueTask<ReadOnlyMemory<byte>>>? call,
        [NotNullWhen(false)] out string? error)
    {
        call = () => handler(caller);
        error = null;
        return true;
    }
}
