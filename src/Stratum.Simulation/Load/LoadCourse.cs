using System.Buffers;
using System.Text;
using Stratum.Protocol;

namespace Stratum.Simulation;

/// <summary>What all sessions of a run share; under the gate of <see cref="LoadEngine"/>.</summary>
internal sealed class LoadCourse
{
    /// <summary>The id of subscribe; those of shares are greater.</summary>
    public const int SubscribeId = 1;

    /// <summary>The id of authorize.</summary>
    public const int AuthorizeId = 2;

    /// <summary>What the sessions say that they are.</summary>
    public const string UserAgent = "stratum-bench/1";

    public LoadCourse(LoadOptions options)
    {
        Options = options;
        Window = options.ActualWindow;
        Solver = options.Mode == LoadMode.Solve ? new ShareSolver(options.Algorithm) : null;
        var writer = new ArrayBufferWriter<byte>();
        new SubscribeRequest { UserAgent = UserAgent }.Write(writer, SubscribeId);
        Subscribe = writer.WrittenSpan.ToArray();
        writer.ResetWrittenCount();
        new AuthorizeRequest { Worker = options.User, Password = options.Password }.Write(writer, AuthorizeId);
        Authorize = writer.WrittenSpan.ToArray();
        User = Encoding.UTF8.GetBytes(options.User);
    }

    public LoadOptions Options { get; }

    /// <summary>Shares that each session keeps unanswered by itself; 0 for none.</summary>
    public int Window { get; }

    public byte[] Subscribe { get; }

    public byte[] Authorize { get; }

    public byte[] User { get; }

    public AnswerBook Answers { get; } = new();

    public JobBook Jobs { get; } = new();

    public LoadTally Tally { get; } = new();

    /// <summary>With <see cref="LoadMode.Solve"/>.</summary>
    public ShareSolver? Solver { get; }

    /// <summary>Those that are ready now.</summary>
    public int Sessions { get; set; }

    /// <summary>Whether shares are handed in now.</summary>
    public bool IsSubmitting { get; set; }

    /// <summary>Whether the jobs that come now are timed: only where all sessions are there to receive them.</summary>
    public bool TimesJobs => Tally.IsMeasuring && Options.Mode != LoadMode.Connect;

    public ArrayBufferWriter<byte> Scratch { get; } = new(512);
}
