using System.Globalization;
using Spectre.Console;

namespace Stratum.Cli;

/// <summary>The live picture on a terminal.</summary>
internal sealed class DemoTable : IDemoPicture
{
    public async Task ShowAsync(DemoRun demo, CancellationToken end)
    {
        var table = new Table().Border(TableBorder.Rounded).Title("[bold]Stratum for .NET[/]").HideHeaders();
        table.AddColumns("what", "value", "what", "value");
        for (var i = 0; i < 4; i++)
            table.AddEmptyRow();
        // Each on a line of its own: the caption is as wide as the table.
        table.Caption($"[grey]point a miner at {Markup.Escape(demo.Summary().Endpoint)}\nCtrl-C ends[/]");
        await AnsiConsole.Live(table).StartAsync(async live =>
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
            try
            {
                do
                {
                    Fill(table, demo.Summary());
                    live.Refresh();
                }
                while (await timer.WaitForNextTickAsync(end));
            }
            catch (OperationCanceledException)
            {
                // The end.
            }
        });
    }

    private static void Fill(Table table, DemoSummary now)
    {
        Row(table, 0, "hash rate", HashRate.Format(now.HashRate), "height", Text(now.Height));
        Row(table, 1, "accepted", $"[green]{now.Accepted}[/]", "blocks", $"[yellow]{now.Blocks}[/]");
        Row(table, 2, "stale", Text(now.Stale), "last job", now.LastJobAge is { } age ? $"{Seconds(age, "F1")} ago" : "-");
        Row(table, 3, "rejected", now.Rejected == 0 ? "0" : $"[red]{now.Rejected}[/]", "running", Seconds(now.Elapsed, "F0"));
    }

    private static void Row(Table table, int row, params string[] cells)
    {
        for (var i = 0; i < cells.Length; i++)
            table.UpdateCell(row, i, cells[i]);
    }

    private static string Seconds(TimeSpan time, string format) =>
        time.TotalSeconds.ToString(format, CultureInfo.InvariantCulture) + " s";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
