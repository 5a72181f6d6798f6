using System.Net;
using Stratum.Pool;

namespace Stratum.Cli;

/// <summary>Tells what a pool does: for people or for programs.</summary>
internal interface IPoolReporter
{
    void Follow(MiningPool pool);

    void Listening(IPEndPoint endPoint);
}
