using System.Buffers;
using System.Text;

namespace Stratum.Server.Tests;

public class OutputBudgetTests
{
    private const int Session = 1024 * 1024;

    [Fact]
    public void IsFull_OthersHoldTheBudget_BeyondTheAllowanceUntilTheyDrain()
    {
        var budget = new OutputBudget(Session);
        var greedy = new Outbound(Session, budget);
        var honest = new Outbound(Session, budget);
        Fill(honest, 20 * 1024);
        Assert.False(honest.IsFull);
        Fill(greedy, Session);
        Assert.True(greedy.IsFull);
        Assert.True(honest.IsFull, "20 KiB wait while the budget is spent");

        var sink = new ArrayBufferWriter<byte>();
        while (greedy.Take(sink))
        {
        }
        Assert.False(honest.IsFull);
        while (honest.Take(sink))
        {
        }
        Assert.Equal(0, budget.Held);
    }

    [Fact]
    public void IsFull_BudgetSpentButLittleWaits_Read()
    {
        var budget = new OutputBudget(Session);
        Fill(new Outbound(Session, budget), Session);
        var honest = new Outbound(Session, budget);
        Fill(honest, 10 * 1024);
        Assert.False(honest.IsFull);
    }

    [Fact]
    public void Close_WithAnswersLeft_GivesTheirMemoryBack()
    {
        var budget = new OutputBudget(Session);
        var greedy = new Outbound(Session, budget);
        Fill(greedy, 100 * 1024);
        Assert.True(budget.Held >= 100 * 1024);
        greedy.Close();
        Assert.Equal(0, budget.Held);
    }

    [Fact]
    public async Task Sessions_AskAndDoNotRead_AreNotReadBeyondTheBudget()
    {
        await using var server = new TestServer(options =>
        {
            options.Limits.MaxOutputBytes = 256 * 1024;
            options.Limits.MaxTotalOutputBytes = 512 * 1024;
        });
        var line = Encoding.UTF8.GetBytes("{\"id\":\"" + new string('x', 1000) + "\",\"method\":\"mining.ping\"}\n");
        var input = Enumerable.Repeat(line, 400).SelectMany(bytes => bytes).ToArray();
        for (var i = 0; i < 20; i++)
            server.Server.NewSession().Receive(input);
        // Each of the later ones keeps its allowance and the line that went over it.
        Assert.InRange(server.Server.OutputBudget.Held, 512 * 1024, 2 * 1024 * 1024);
    }

    private static void Fill(Outbound outbound, int bytes)
    {
        var line = Encoding.UTF8.GetBytes(new string('x', 1023));
        for (var filled = 0; filled < bytes; filled += 1024)
            outbound.Line(line);
    }
}
