namespace Stratum.Server;

/// <summary>
/// The descriptor of an accepted connection, without an object of its own. Its owner uses and closes it; any thread may
/// cut it meanwhile: a cut that is under way puts the close off, so that the number becomes nobody else's before it is
/// through. A mutable struct: keep it in a field.
/// </summary>
internal struct LoopSocket(int number)
{
    private const int Cutting = 1;
    private const int WasCut = 2;
    private const int Closed = 4;

    private int _state;

    /// <summary>The descriptor; for its owner.</summary>
    public readonly int Number => number;

    /// <summary>Whether it was cut; what is received or sent after that is nothing.</summary>
    public readonly bool IsCut => (Volatile.Read(in _state) & WasCut) != 0;

    /// <summary>Cuts the connection with a reset, once, unless it is closed already.</summary>
    public void Cut()
    {
        if (Interlocked.CompareExchange(ref _state, Cutting, 0) != 0)
            return;
        Libc.Cut(number);
        if ((Interlocked.Or(ref _state, WasCut) & Closed) != 0)
            _ = Libc.Close(number);
    }

    /// <summary>The owner is through with it.</summary>
    public void Close()
    {
        if ((Interlocked.Or(ref _state, Closed) & (Cutting | WasCut)) != Cutting)
            _ = Libc.Close(number);
    }
}
