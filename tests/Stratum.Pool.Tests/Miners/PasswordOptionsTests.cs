namespace Stratum.Pool.Tests;

public class PasswordOptionsTests
{
    [Theory]
    [InlineData("d=0.5", 0.5)]
    [InlineData("x,d=0.00001", 0.00001)]
    [InlineData("x;diff=1024;y", 1024.0)]
    [InlineData("d=1e-5", 0.00001)]
    [InlineData("x", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    [InlineData("d=", null)]
    [InlineData("d=-1", null)]
    [InlineData("d=NaN", null)]
    [InlineData("passwd=5", null)]
    public void Difficulty_Password_IsReadOrNot(string? password, double? expected) =>
        Assert.Equal(expected, PasswordOptions.Difficulty(password)?.Value);
}
