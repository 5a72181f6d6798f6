using System.Text.Json.Serialization;

namespace Stratum.Client.Tests;

[JsonSerializable(typeof(int[]))]
[JsonSerializable(typeof(int))]
internal sealed partial class TestJson : JsonSerializerContext;
