using System.Net;
using Stratum.Pool;

namespace Stratum.Cli;

/// <summary>Tells what a pool does: for people or for programs. Disposing waits until all is told.</summary>
internal interface IPoolReporter : IDisposable
{
    void Follow(MiningPool pool);

    void Listening(IPEndPoint endPoint);

    /// <summary>Found blocks are written to this file.</summary>
    void Journal(string file);
}
