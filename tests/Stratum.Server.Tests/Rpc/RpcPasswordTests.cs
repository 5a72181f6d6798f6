using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Stratum.Rpc;
using Stratum.Testing;

namespace Stratum.Server.Tests;

/// <summary>Who is let in, over both ways.</summary>
public sealed class RpcPasswordTests
{
    private const string Daemons = "0123456789abcdef-of-the-daemons";
    private static readonly string s_right = RpcPassword.ToParameter(RpcHarness.Password);

    [Theory]
    [InlineData("[\"P\",1,[2]]", "[1,[2]]")]
    [InlineData("[ \"P\" ]", "[]")]
    [InlineData("""{"a":1,"password":"P","b":[2]}""", """{"a":1,"b":[2]}""")]
    [InlineData("""{"password":"P"}""", "{}")]
    [InlineData("""{"p\u0061ssword":"P","x":{"password":"kept"}}""", """{"x":{"password":"kept"}}""")]
    public async Task Password_InTheParameters_IsTakenOut(string parameters, string rest)
    {
        await using var rpc = await StartAsync();
        var request = $$"""{"method":"echo","params":{{parameters.Replace("\"P\"", $"\"{s_right}\"")}},"id":1}""";
        await using var caller = await rpc.ConnectAsync();

        var answer = $$"""{"result":{{rest}},"error":null,"id":1}""";
        Assert.Equal(answer, await caller.CallAsync(request));
        Assert.Equal((HttpStatusCode.OK, answer + "\n"), await rpc.PostAsync(request));
    }

    [Fact]
    public async Task Password_OneOfSeveral_LetsIn()
    {
        await using var rpc = await StartAsync(options => options.PasswordHashes.Add(RpcPassword.Hash(Daemons).ToUpperInvariant()));
        await rpc.AssertServesAsync(RpcHarness.Password);
        await rpc.AssertServesAsync(Daemons);
    }

    [Fact]
    public async Task NoPasswordSet_NoParameterIsTaken()
    {
        await using var rpc = await RpcHarness.StartAsync();
        rpc.Server.Dispatcher.ExposeRaw("echo", call => new(call.Params));
        await using var caller = await rpc.ConnectAsync();
        Assert.Equal($$"""{"result":["{{s_right}}"],"error":null,"id":1}""",
            await caller.CallAsync($$"""{"method":"echo","params":["{{s_right}}"],"id":1}"""));
        var (status, _) = await rpc.PostAsync("""{"method":"echo","id":1}""", Bearer("anything"));
        Assert.Equal(HttpStatusCode.OK, status);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("[7]")]
    [InlineData("[null,\"x\"]")]
    [InlineData("{}")]
    [InlineData("{\"password\":7}")]
    public async Task Password_Missing_SaysHowAndIsNoAttempt(string parameters)
    {
        await using var rpc = await StartAsync();
        await using var caller = await rpc.ConnectAsync();
        for (var i = 0; i < 20; i++)
        {
            var answer = await caller.CallAsync($$"""{"method":"echo","params":{{parameters}},"id":1}""");
            Assert.Equal(RpcErrors.PasswordRefused, RpcHarness.ErrorOf(answer));
            Assert.Contains("first parameter", answer);
        }
        var (status, body) = await rpc.PostAsync($$"""{"jsonrpc":"2.0","method":"echo","params":{{parameters}},"id":1}""");
        Assert.Equal((HttpStatusCode.Unauthorized, RpcErrors.PasswordRefused), (status, RpcHarness.ErrorOf(body)));
    }

    [Fact]
    public async Task Password_UnknownMethod_AskedForFirst()
    {
        await using var rpc = await StartAsync();
        await using var caller = await rpc.ConnectAsync();
        Assert.Equal(RpcErrors.PasswordRefused, RpcHarness.ErrorOf(await caller.CallAsync("""{"method":"nonesuch","id":1}""")));
    }

    [Theory]
    [InlineData("not base64!")]
    [InlineData("")]
    [InlineData("d3Jvbmc=")]
    [InlineData(RpcHarness.Hash)]
    public async Task Password_Wrong_RefusedLaterAndLater(string password)
    {
        var time = new ManualTime();
        await using var rpc = await StartAsync(options => options.TimeProvider = time);
        await using var caller = await rpc.ConnectAsync();
        foreach (var delay in new[] { 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5, 5 })
        {
            await caller.SendAsync($$"""{"method":"echo","params":["{{password}}"],"id":1}""");
            var answer = caller.ReadLineAsync();
            var waited = TimeSpan.Zero;
            while (!answer.IsCompleted && waited < TimeSpan.FromMinutes(1))
            {
                // Small steps, each after the server had time to come to its clock.
                await Task.WhenAny(answer, Task.Delay(40));
                if (answer.IsCompleted)
                    break;
                time.Advance(TimeSpan.FromSeconds(delay / 2));
                waited += TimeSpan.FromSeconds(delay / 2);
            }
            Assert.Equal(RpcErrors.PasswordRefused, RpcHarness.ErrorOf(await answer));
            Assert.True(waited >= TimeSpan.FromSeconds(delay), $"{waited} for {delay}");
        }
    }

    [Fact]
    public async Task Password_WrongTooOften_NotLookedAtForAMinute()
    {
        var time = new ManualTime();
        await using var rpc = await StartAsync(options =>
        {
            options.TimeProvider = time;
            options.Limits.MaxWrongPasswords = 3;
        });
        // All at once: who asks many times at once has no more tries for it.
        var callers = new List<RpcCaller>();
        for (var i = 0; i < 20; i++)
        {
            callers.Add(await rpc.ConnectAsync());
            await callers[i].SendAsync("""{"method":"echo","params":["d3Jvbmc="],"id":1}""");
        }
        var answers = callers.Select(caller => caller.ReadLineAsync()).ToList();
        var refused = await Task.WhenAll(await Until.CountAsync(answers, 17));
        Assert.All(refused, answer =>
        {
            Assert.Equal(RpcErrors.TooManyPasswords, RpcHarness.ErrorOf(answer));
            Assert.Contains("wait 60 s", answer);
            Assert.Contains("\"data\":{\"retryAfter\":60}", answer);
        });
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(3, (await Task.WhenAll(answers)).Count(answer => RpcHarness.ErrorOf(answer) == RpcErrors.PasswordRefused));

        // Not even the right one, from this address; others are not concerned.
        var right = $$"""{"method":"echo","params":["{{s_right}}"],"id":1}""";
        Assert.Equal(RpcErrors.TooManyPasswords, RpcHarness.ErrorOf(await callers[0].CallAsync(right)));
        using var http = await rpc.SendAsync("""{"method":"echo","id":1}""", authorization: Bearer(RpcHarness.Password));
        Assert.Equal(HttpStatusCode.TooManyRequests, http.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(50), http.Headers.RetryAfter!.Delta);
        await rpc.AssertServesAsync(RpcHarness.Password);
        time.Advance(TimeSpan.FromSeconds(50));
        Assert.Equal("""{"result":[],"error":null,"id":1}""", await callers[0].CallAsync(right));
        foreach (var caller in callers)
            await caller.DisposeAsync();
        await rpc.AssertNoConnectionsAsync();
    }

    [Fact]
    public async Task Secret_FromABarredAddress_LetsInAllTheSame()
    {
        await using var rpc = await StartAsync(options =>
        {
            options.Limits.MaxWrongPasswords = 1;
            options.SecretHashes.Add(RpcPassword.Hash(Daemons));
        });
        await using var caller = await rpc.ConnectAsync();
        Assert.Equal(RpcErrors.PasswordRefused, RpcHarness.ErrorOf(await caller.CallAsync("""{"method":"echo","params":["d3Jvbmc="],"id":1}""")));
        Assert.Equal(RpcErrors.TooManyPasswords, RpcHarness.ErrorOf(await caller.CallAsync(Echo(RpcHarness.Password))));

        Assert.Equal("""{"result":[],"error":null,"id":1}""", await caller.CallAsync(Echo(Daemons)));
        Assert.Equal(HttpStatusCode.OK, (await rpc.PostAsync("""{"method":"echo","id":1}""", Bearer(Daemons))).Status);
        // It buys nothing for the others.
        Assert.Equal(RpcErrors.TooManyPasswords, RpcHarness.ErrorOf(await caller.CallAsync(Echo(RpcHarness.Password))));

        static string Echo(string password) => $$"""{"method":"echo","params":["{{RpcPassword.ToParameter(password)}}"],"id":1}""";
    }

    [Fact]
    public async Task Secret_WithoutAPassword_OthersAreRefusedAndBarred()
    {
        await using var rpc = await RpcHarness.StartAsync(options =>
        {
            options.Limits.MaxWrongPasswords = 1;
            options.SecretHashes.Add(RpcPassword.Hash(Daemons));
        });
        await using var caller = await rpc.ConnectAsync();
        Assert.Equal(RpcErrors.PasswordRefused, RpcHarness.ErrorOf(await caller.CallAsync("""{"method":"x","id":1}""")));
        foreach (var code in new[] { RpcErrors.PasswordRefused, RpcErrors.TooManyPasswords })
            Assert.Equal(code, RpcHarness.ErrorOf(await caller.CallAsync("""{"method":"x","params":["d3Jvbmc="],"id":1}""")));
        await rpc.AssertServesAsync(Daemons);
    }

    [Fact]
    public async Task Header_BasicOrBearer_LetsInAndNoParameterIsTaken()
    {
        await using var rpc = await StartAsync();
        const string Request = """{"method":"echo","params":["kept"],"id":1}""";
        const string Answer = """{"result":["kept"],"error":null,"id":1}""" + "\n";
        foreach (var header in new[] { Bearer(RpcHarness.Password), Basic("anybody:" + RpcHarness.Password), Basic(":" + RpcHarness.Password) })
            Assert.Equal((HttpStatusCode.OK, Answer), await rpc.PostAsync(Request, header));
    }

    [Theory]
    [InlineData("Basic", "anybody:wrong")]
    [InlineData("Basic", "nocolon")]
    [InlineData("Bearer", "wrong")]
    [InlineData("Digest", "x=y")]
    public async Task Header_Wrong_401AndHowItIsDone(string scheme, string value)
    {
        await using var rpc = await StartAsync();
        var ran = false;
        rpc.Server.Expose("run", () => ran = true);
        var header = scheme == "Basic" ? Basic(value) : new AuthenticationHeaderValue(scheme, value);

        using var response = await rpc.SendAsync($$"""{"jsonrpc":"2.0","method":"run","params":["{{s_right}}"],"id":1}""", authorization: header);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(["Basic", "Bearer"], response.Headers.WwwAuthenticate.Select(challenge => challenge.Scheme));
        Assert.Equal(RpcErrors.PasswordRefused, RpcHarness.ErrorOf(await response.Content.ReadAsStringAsync()));
        Assert.False(ran);
        await rpc.AssertServesAsync(RpcHarness.Password);
    }

    [Fact]
    public async Task Batch_EachCallHasItsPassword()
    {
        await using var rpc = await StartAsync();
        await using var caller = await rpc.ConnectAsync();
        var answer = await caller.CallAsync($$"""[{"method":"echo","params":["{{s_right}}",1],"id":1},{"method":"echo","params":[],"id":2}]""");
        var answers = JsonDocument.Parse(answer!).RootElement;
        Assert.Equal("[1]", answers[0].GetProperty("result").GetRawText());
        Assert.Equal(RpcErrors.PasswordRefused, answers[1].GetProperty("error").GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task Passwords_RightAndWrong_AreInNoLogOfAnyLevel()
    {
        const string Wrong = "w0rse-h0rse";
        await using var rpc = await StartAsync();
        rpc.Server.Expose("broken", (string text) =>
        {
            throw new InvalidOperationException("as it should");
        });
        await using var caller = await rpc.ConnectAsync();
        foreach (var password in new[] { RpcHarness.Password, Wrong })
        {
            var parameter = RpcPassword.ToParameter(password);
            await caller.CallAsync($$"""{"method":"{{parameter}}","params":{"password":"{{parameter}}"},"id":"{{parameter}}"}""");
            await rpc.PostAsync($$"""{"method":"echo","params":["{{parameter}}"],"id":1}""");
            await rpc.PostAsync("""{"method":"echo","id":1}""", Bearer(password));
            await rpc.PostAsync("""{"method":"echo","id":1}""", Basic("user:" + password));
        }
        await caller.CallAsync($$"""{"method":"broken","params":["{{s_right}}","x"],"id":1}""");
        await caller.CallAsync($$"""{"method":"mining.block","params":["{{s_right}}","{{s_right}}"],"id":1}""");
        await caller.CallAsync($$"""{"method":"echo","params":["{{s_right}}" """ + "}}");

        var lines = rpc.Log.Lines.Select(line => line.Text + line.Failure).ToList();
        Assert.Contains(lines, line => line.Contains("as it should", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("wrong password", StringComparison.Ordinal));
        foreach (var secret in new[] { RpcHarness.Password, Wrong })
        {
            var forms = new[] { secret, RpcPassword.ToParameter(secret), RpcPassword.Hash(secret), Convert.ToBase64String(Encoding.UTF8.GetBytes("user:" + secret)) };
            Assert.DoesNotContain(lines, line => forms.Any(form => line.Contains(form, StringComparison.OrdinalIgnoreCase)));
        }
    }

    private static AuthenticationHeaderValue Bearer(string password) => new("Bearer", password);

    private static AuthenticationHeaderValue Basic(string pair) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));

    private static async Task<RpcHarness> StartAsync(Action<RpcServerOptions>? configure = null)
    {
        var rpc = await RpcHarness.StartAsync(options =>
        {
            RpcHarness.WithPassword(options);
            configure?.Invoke(options);
        });
        rpc.Server.Dispatcher.ExposeRaw("echo", call => new(call.Params));
        return rpc;
    }
}
