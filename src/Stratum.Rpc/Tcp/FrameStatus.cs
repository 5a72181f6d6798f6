namespace Stratum.Rpc;

/// <summary>What a <see cref="MessageFramer"/> found.</summary>
public enum FrameStatus
{
    /// <summary>All was taken; the message is not complete, or none has begun.</summary>
    NeedMore,

    /// <summary>A whole message.</summary>
    Message,

    /// <summary>Something that begins no message: where the next one would begin, nobody knows.</summary>
    Garbage,

    /// <summary>The message is longer than allowed.</summary>
    TooLong,
}
