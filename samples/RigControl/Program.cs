// Gives orders to a rig (samples/FarmRig), over TCP or HTTP, and prints what it says.
//   dotnet run --project samples/RigControl -- rpc://127.0.0.1:1337 rig.point stratum+tcp://127.0.0.1:4444
using System.Text.Json.Nodes;
using Stratum.Rpc;

// With a password: Password or PasswordFile; it travels as the server wants it.
using var rig = RpcClient.Create(new RpcClientOptions { Url = new Uri(args[0]), Timeout = TimeSpan.FromSeconds(10) });
try
{
    var status = await rig.CallAsync(args[1], new JsonArray([.. args[2..].Select(argument => JsonValue.Create(argument))]));
    Console.WriteLine($"{(status.GetProperty("mining").GetBoolean() ? "mines on" : "rests, for")} {status.GetProperty("url")}");
    return 0;
}
catch (RpcException refused)
{
    Console.WriteLine($"refused: {refused.Message} ({refused.Code})");
}
catch (RpcTransportException failure)
{
    Console.WriteLine($"no answer: {failure.Message}");
}
return 1;
