using System.Net.Sockets;
using System.Text;

namespace Stratum.Simulation.Tests;

/// <summary>One connection of a <see cref="FakeServer"/>.</summary>
internal sealed class FakePeer(TcpClient client, int number, CancellationToken stop) : IDisposable
{
    public const string Job =
        """{"id":null,"method":"mining.notify","params":["j","0000000000000000000000000000000000000000000000000000000000000000","01","02",[],"20000000","207fffff","6553f100",true]}""";

    private readonly StreamReader _reader = new(client.GetStream());

    public int Number => number;

    public Task SendAsync(string text) => client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(text), stop).AsTask();

    public async Task<string?> ReadAsync() => await _reader.ReadLineAsync(stop);

    public Task ForeverAsync() => Task.Delay(Timeout.Infinite, stop);

    /// <summary>Lets it log in, and gives it a job.</summary>
    public async Task LoginAsync(Func<string, Task>? send = null)
    {
        send ??= SendAsync;
        await ReadAsync();
        await send("""{"id":1,"result":[[],"0a0b0c0d",4],"error":null}""" + "\n");
        await ReadAsync();
        await send("""{"id":2,"result":true,"error":null}""" + "\n" + Job + "\n");
    }

    /// <summary>Accepts so many shares.</summary>
    public async Task AcceptAsync(int count, Func<string, Task>? send = null)
    {
        send ??= SendAsync;
        for (; count > 0 && await ReadAsync() is { } line; count--)
        {
            await send($$"""{"result":true,"id":{{line.AsSpan(6, 8)}},"error":null}""" + "\n");
        }
    }

    public void Dispose() => client.Dispose();
}
