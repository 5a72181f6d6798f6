namespace Stratum.Cli;

/// <summary>Shows a demo until it ends.</summary>
internal interface IDemoPicture
{
    Task ShowAsync(DemoRun demo, CancellationToken end);
}
