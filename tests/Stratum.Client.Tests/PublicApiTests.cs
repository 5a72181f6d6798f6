using Stratum.Testing;

namespace Stratum.Client.Tests;

public sealed class PublicApiTests
{
    /// <summary>After a change that is meant: run the tests with STRATUM_APPROVE_API=1 and commit the text.</summary>
    [Fact]
    public void Assembly_IsAsApproved() =>
        Assert.Equal("", PublicApi.Differences(typeof(StratumClient).Assembly, "PublicApi.approved.txt"));
}
