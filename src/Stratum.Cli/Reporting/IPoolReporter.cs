using System.Net;
using Stratum.Pool;

namespace Stratum.Cli;

/// <summary>Tells what a pool does: for people or for programs. Disposing waits until all is told.</summary>
internal interface IPoolReporter : IDisposable
{
    void Follow(MiningPool pool);

    /// <summary>What the daemons that it runs do, and what the JSON-RPC server is told.</summary>
    void Follow(StratumNode node);

    /// <summary>A port of the pool, and where the JSON-RPC server is, if there is one.</summary>
    void Listening(IPEndPoint endPoint, string driver, IPEndPoint? rpc);

    /// <summary>Something that the operator should know: a sentence.</summary>
    void Say(string text);

    /// <summary>Found blocks are written to this file.</summary>
    void Journal(string file);
}
