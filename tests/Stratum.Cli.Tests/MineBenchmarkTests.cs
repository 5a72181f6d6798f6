using System.Runtime.InteropServices;
using System.Text.Json;

namespace Stratum.Cli.Tests;

public class MineBenchmarkTests
{
    [Theory]
    [InlineData("sha256d")]
    [InlineData("scrypt")]
    public async Task Benchmark_OneAlgorithm_EveryUsableKernelHasARateAndOneIsChosen(string algorithm)
    {
        await using var command = Command.Start(
            "mine", "--benchmark", "--algorithm", algorithm, "--threads", "2", "--duration", "200ms", "--json");
        Assert.Equal(0, await command.ExitCodeAsync());
        var kernels = command.Events("kernel").ToList();
        Assert.All(kernels, kernel => Assert.Equal(algorithm, kernel.GetProperty("algorithm").GetString()));
        Assert.All(kernels, kernel => Assert.Equal(2, kernel.GetProperty("threads").GetInt32()));
        var chosen = Assert.Single(kernels, kernel => Role(kernel) == "chosen");
        Assert.True(chosen.GetProperty("hashesPerSecond").GetDouble() > 0);
        Assert.DoesNotContain(kernels, kernel => Role(kernel) == "refused");
        Assert.All(kernels, kernel => Assert.Equal(Role(kernel) == "unsupported",
            kernel.GetProperty("hashesPerSecond").ValueKind == JsonValueKind.Null));
        Assert.Equal($"measuring {algorithm}", command.LastError);
    }

    [Fact]
    public async Task Benchmark_NoAlgorithm_TellsPeopleOfBoth()
    {
        await using var command = Command.Start("mine", "--benchmark", "--duration", "200ms");
        Assert.Equal(0, await command.ExitCodeAsync());
        Assert.Contains(command.Lines, line => line.StartsWith("sha256d, 1 thread", StringComparison.Ordinal));
        Assert.Contains(command.Lines, line => line.StartsWith("scrypt, 1 thread", StringComparison.Ordinal));
        Assert.Equal(2, command.Lines.Count(line => line.Contains(": chosen: ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Benchmark_ProcessorWithoutVectors_ChoosesWhatItHas()
    {
        await using var command = Command.StartWith(("DOTNET_EnableHWIntrinsic", "0"),
            "mine", "--benchmark", "--algorithm", "sha256d", "--duration", "200ms", "--json");
        Assert.Equal(0, await command.ExitCodeAsync());
        var kernels = command.Events("kernel").ToDictionary(kernel => kernel.GetProperty("name").GetString()!, Role);
        Assert.Equal("unsupported", kernels["sha256d, 16 lanes"]);
        Assert.Equal("unsupported", kernels["sha256d, 8 lanes"]);
        Assert.Contains("chosen", kernels.Values);
    }

    [Fact]
    public async Task Benchmark_Interrupted_EndsAtOnceAndWell()
    {
        await using var command = Command.Start("mine", "--benchmark", "--duration", "10m");
        await SpawnedPool.UntilAsync(() => command.Errors.Contains("sha256d", StringComparison.Ordinal), "the first algorithm's start");
        Assert.Equal(0, await command.SignalAsync(PosixSignal.SIGINT));
        Assert.Empty(command.Lines);
    }

    [Theory]
    [InlineData("--benchmark mines nowhere", "--benchmark", "127.0.0.1:1")]
    [InlineData("--benchmark mines nowhere", "--benchmark", "--user", "me")]
    [InlineData("--threads is 0", "--benchmark", "--threads", "0")]
    [InlineData("URL is needed", "--user", "me")]
    [InlineData("--user is needed", "127.0.0.1:1")]
    public async Task Mine_WhatDoesNotFit_IsBadUsage(string text, params string[] arguments)
    {
        await using var command = Command.Start(["mine", .. arguments]);
        Assert.Equal(2, await command.ExitCodeAsync());
        Assert.Contains(text, command.Errors, StringComparison.Ordinal);
    }

    private static string Role(JsonElement kernel) => kernel.GetProperty("role").GetString()!;
}
