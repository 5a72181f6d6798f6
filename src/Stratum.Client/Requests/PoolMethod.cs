using System.Text.Json;

namespace Stratum.Client;

/// <summary>A handler after its types are gone: params in, result out.</summary>
internal delegate Task<JsonElement> PoolMethod(JsonElement parameters);
