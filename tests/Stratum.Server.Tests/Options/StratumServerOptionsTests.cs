using System.Net;
using Stratum.Mining;
using Stratum.Testing;

namespace Stratum.Server.Tests;

public sealed class StratumServerOptionsTests
{
    private const string OfDefault = "only.in.this.test";

    [Fact]
    public void Defaults_AreAsDocumented()
    {
        var options = new StratumServerOptions();
        Assert.Equal(IPAddress.Loopback, options.Address);
        Assert.Equal(3333, options.Port);
        Assert.Empty(options.Listen);
        Assert.Null(options.Hostname);
        Assert.Null(options.CertificateFile);
        Assert.Null(options.CertificateKeyFile);
        Assert.Null(options.CertificatePasswordFile);
        Assert.Equal(new WorkSourceOptions(), options.Work);
        Assert.Equal(1, options.Difficulty.Value);
        Assert.Null(options.MinimumDifficulty);
        Assert.Null(options.MaximumDifficulty);
        Assert.Null(options.DifficultyPolicy);
        Assert.Equal(TimeSpan.FromSeconds(45), options.KeepAlive);
        Assert.Equal(TimeSpan.FromMilliseconds(70), options.TooBusy);
        Assert.False(options.AnswerTransactions);
        Assert.Equal(HandlerScheduling.ThreadPool, options.Handlers);
        Assert.Equal(SessionTransport.Auto, options.Transport);
        Assert.Equal(0, options.LoopThreads);
        Assert.Empty(options.Methods.Names.Except([OfDefault]));
        Assert.Same(TimeProvider.System, options.TimeProvider);
        Assert.Null(options.LoggerFactory);
        Assert.Null(options.MeterFactory);
        Assert.Empty(options.Validate());
        var limits = options.Limits;
        Assert.Equal(16 * 1024, limits.MaxLineLength);
        Assert.Equal(10, limits.MaxMalformedLines);
        Assert.Equal(1024 * 1024, limits.MaxOutputBytes);
        Assert.Equal(256L * 1024 * 1024, limits.MaxTotalOutputBytes);
        Assert.Equal(TimeSpan.FromSeconds(30), limits.WriteTimeout);
        Assert.Equal(TimeSpan.FromSeconds(15), limits.FirstBytesTimeout);
        Assert.Equal(TimeSpan.FromSeconds(60), limits.AuthorizeTimeout);
        Assert.Equal(TimeSpan.FromHours(1), limits.IdleTimeout);
        Assert.Equal(TimeSpan.FromSeconds(30), limits.HandlerTimeout);
        Assert.Equal(100_000, limits.MaxConnections);
        Assert.Equal(10_000, limits.MaxConnectionsPerAddress);
        Assert.Equal(1024, limits.MaxWorkersPerSession);
        Assert.Equal(256, limits.MaxNameLength);
        Assert.Equal(TimeSpan.FromSeconds(5), limits.StopTimeout);
        var work = options.Work;
        Assert.Equal((4, 8, 0x1fffe000u, 256, TimeSpan.FromMinutes(10), 1 << 22),
            (work.Extranonce1Size, work.Extranonce2Size, work.VersionMask, work.MaxJobs, work.MaxJobAge, work.MaxSeenShares));
        // As many as above, so that a new option gets its line here.
        Assert.Equal(23, typeof(StratumServerOptions).GetProperties().Count(property => !property.GetMethod!.IsStatic && property.GetMethod.IsPublic));
        Assert.Equal(14, typeof(StratumServerLimits).GetProperties().Length);
    }

    [Fact]
    public void Copy_EveryPropertyIsCopied()
    {
        var options = new StratumServerOptions
        {
            Address = IPAddress.Any,
            Port = 1,
            Hostname = "pool",
            CertificateFile = "a",
            CertificateKeyFile = "b",
            CertificatePasswordFile = "c",
            Work = new WorkSourceOptions { Extranonce2Size = 4 },
            Difficulty = new Difficulty(7),
            MinimumDifficulty = new Difficulty(8),
            MaximumDifficulty = new Difficulty(9),
            DifficultyPolicy = new NoPolicy(),
            KeepAlive = TimeSpan.FromSeconds(7),
            TooBusy = TimeSpan.FromSeconds(8),
            AnswerTransactions = true,
            Handlers = HandlerScheduling.Inline,
            Transport = SessionTransport.Loop,
            LoopThreads = 3,
            TimeProvider = new ManualTime(),
            LoggerFactory = new ListLoggers(),
        };
        options.Listen.Add(new IPEndPoint(IPAddress.Any, 5));
        options.Limits.MaxNameLength = 5;
        options.Methods.Map("mine", () => 1);
        var copy = options.Copy();
        foreach (var property in typeof(StratumServerOptions).GetProperties().Where(property => !property.GetMethod!.IsStatic))
        {
            var value = property.GetValue(options);
            var copied = property.GetValue(copy);
            if (property.PropertyType.IsAssignableFrom(typeof(StratumServerLimits)) || property.PropertyType == typeof(StratumMethods)
                || property.Name == nameof(options.Listen))
                Assert.NotSame(value, copied);
            else
                Assert.Equal(value, copied);
        }
        Assert.Equal(options.Listen, copy.Listen);
        Assert.Equal(5, copy.Limits.MaxNameLength);
        Assert.Equal(["mine"], copy.Methods.Names.Except([OfDefault]));
        copy.Methods.Map("other", () => 1);
        copy.Limits.MaxNameLength = 6;
        Assert.Equal(["mine"], options.Methods.Names.Except([OfDefault]));
        Assert.Equal(5, options.Limits.MaxNameLength);
    }

    [Fact]
    public async Task Default_SetOnce_HoldsForEveryNewServerMethodsIncluded()
    {
        // Nobody takes it away again: the other tests know of it.
        StratumServerOptions.Default.Methods.Map(OfDefault, () => 5);
        await using var server = new TestServer();
        await using var peer = await server.ConnectAsync();
        Assert.Equal(5, (await peer.CallAsync(OfDefault)).GetProperty("result").GetInt32());
    }

    [Fact]
    public async Task Constructor_OptionsChangedLater_NoEffect()
    {
        var options = new StratumServerOptions { Port = 0 };
        await using var server = new StratumServer(options);
        options.Methods.Map("late", () => 5);
        options.Limits.MaxLineLength = 1;
        Assert.Empty(server.Options.Methods.Names.Except([OfDefault]));
        Assert.Equal(16 * 1024, server.Options.Limits.MaxLineLength);
    }

    [Fact]
    public void Validate_EverythingWrong_AllErrorsAtOnce()
    {
        var options = new StratumServerOptions
        {
            Port = 70000,
            Difficulty = new Difficulty(0),
            MinimumDifficulty = new Difficulty(2),
            MaximumDifficulty = new Difficulty(1),
            KeepAlive = TimeSpan.FromSeconds(60),
            TooBusy = TimeSpan.FromSeconds(-1),
            Hostname = "http://pool",
            CertificateKeyFile = "key",
            LoopThreads = -1,
            Work = new WorkSourceOptions { Extranonce1Size = 1 },
        };
        options.Limits.MaxLineLength = 1;
        options.Limits.MaxOutputBytes = 1;
        options.Limits.MaxMalformedLines = 0;
        options.Limits.MaxConnections = 0;
        options.Limits.MaxNameLength = 0;
        options.Limits.WriteTimeout = TimeSpan.Zero;
        options.Limits.FirstBytesTimeout = TimeSpan.Zero;
        options.Limits.AuthorizeTimeout = TimeSpan.Zero;
        options.Limits.IdleTimeout = TimeSpan.Zero;
        options.Limits.HandlerTimeout = TimeSpan.Zero;
        options.Limits.StopTimeout = TimeSpan.Zero;
        var errors = options.Validate();
        string[] named =
        [
            "Port", "Difficulty is", "MinimumDifficulty", "LoopThreads", "KeepAlive", "TooBusy", "Hostname", "CertificateKeyFile", "extranonce1",
            "MaxLineLength", "MaxOutputBytes",
            "MaxMalformedLines", "MaxConnections", "MaxNameLength", "WriteTimeout", "FirstBytesTimeout", "AuthorizeTimeout",
            "IdleTimeout", "HandlerTimeout", "StopTimeout",
        ];
        Assert.Equal(named.Length, errors.Count);
        Assert.All(named, name => Assert.Contains(errors, error => error.Contains(name, StringComparison.Ordinal)));
        var thrown = Assert.Throws<ArgumentException>(() => new StratumServer(options));
        Assert.All(errors, error => Assert.Contains(error, thrown.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(2.3e-10)]
    public void Validate_DifficultyWithoutATarget_NamesTheFloor(double value)
    {
        var options = new StratumServerOptions
        {
            Difficulty = new Difficulty(value),
            MinimumDifficulty = new Difficulty(value),
            MaximumDifficulty = new Difficulty(value),
        };
        Assert.Equal(3, options.Validate().Count);
        Assert.All(options.Validate(), error => Assert.Contains("0.00000000023", error, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("pool.example.com", true)]
    [InlineData("203.0.113.7", true)]
    [InlineData("2001:db8::1", true)]
    [InlineData("[2001:db8::1]", true)]
    [InlineData("", false)]
    [InlineData("pool:3333", false)]
    [InlineData("stratum+tcp://pool", false)]
    [InlineData("pool/path", false)]
    [InlineData("pool\r\nSet-Cookie: a=b", false)]
    [InlineData("pool\n", false)]
    [InlineData("p\u00f6\u00f6l.example", false)]
    public void Validate_Hostname_IsAHostAndNothingElse(string hostname, bool valid)
    {
        var errors = new StratumServerOptions { Hostname = hostname }.Validate();
        Assert.Equal(valid, errors.Count == 0);
        Assert.DoesNotContain(errors, error => error.Any(char.IsControl));
    }

    [Theory]
    [InlineData(1, 8)]
    [InlineData(17, 8)]
    [InlineData(4, 1)]
    [InlineData(4, 9)]
    public void Validate_ExtranonceSizes_Refused(int one, int two)
    {
        var options = new StratumServerOptions { Work = new WorkSourceOptions { Extranonce1Size = one, Extranonce2Size = two } };
        Assert.Single(options.Validate());
    }

    private sealed class NoPolicy : IDifficultyPolicy
    {
        public Difficulty? Next(in DifficultySample sample) => null;
    }
}
