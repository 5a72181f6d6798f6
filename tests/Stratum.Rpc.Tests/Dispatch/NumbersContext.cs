using System.Text.Json.Serialization;

namespace Stratum.Rpc.Tests;

[JsonSerializable(typeof(int[]))]
[JsonSerializable(typeof(long))]
internal sealed partial class NumbersContext : JsonSerializerContext;
