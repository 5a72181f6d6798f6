using System.Text.Json.Serialization;

namespace Stratum.Client;

[JsonSerializable(typeof(string))]
internal sealed partial class ClientJson : JsonSerializerContext;
